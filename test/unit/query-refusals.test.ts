import { describe, expect, it } from 'vitest';
import { RefusedError } from '../../src/pipeline/codes.ts';
import { parseQuery } from '../../src/pipeline/query/parse.ts';

const now = Date.parse('2026-01-02T00:00:00Z');

function refusal(text: string): string {
  try {
    parseQuery(text, now);
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'invalid_query') return error.message;
    throw error;
  }
  throw new Error(`"${text}" was read`);
}

describe('a query that is refused', () => {
  it('lists the fields when it does not know one', () => {
    expect(refusal('up foo:bar')).toBe(
      'expected a field (severity, source, channel, key, status, id, message, label.NAME, data.PATH, time, position, ' +
        'since, until), or quotes around text to search for at column 4; got "foo:bar"',
    );
  });

  it.each([
    ['severity:loud', 'expected one of info, warning, error, critical at column 10; got "loud"'],
    ['severity>=e*', 'expected one of info, warning, error, critical at column 11; got "e*"'],
    ['severity=error', 'expected ":" after the field (or quotes around text to search for) at column 9; got "=error"'],
    ['severity!=info', 'expected ":" after the field (or quotes around text to search for) at column 9; got "!=info"'],
    ['source>=a', 'expected ":" after source at column 7; got ">=a"'],
    ['since>2h', 'expected ":" after since at column 6; got ">2h"'],
    ['label.a<b', 'expected ":" after label at column 8; got "<b"'],
    ['source: a', 'expected a value at column 8; got a space'],
    ['source:', 'expected a value at column 8; got the end of the query'],
    ['(source:)', 'expected a value at column 9; got ")"'],
    ['position:4*', 'expected a position, a whole number at column 10; got "4*"'],
    ['position>99999999999999999', 'expected a position, a whole number at column 10; got "99999999999999999"'],
    ['data.t>high', 'expected a number at column 8; got "high"'],
    ['data.t>1e999', 'expected a number at column 8; got "1e999"'],
    ['data.a..b:5', 'expected a name (in quotes when it is empty or holds * or other signs) at column 8; got ".b:5"'],
    ['label.*:x', 'expected a name (in quotes when it is empty or holds * or other signs) at column 7; got "*:x"'],
    ['label:x', 'label.NAME'],
    ['temp>=80', 'data.PATH'],
    ['http://host', 'quotes around text to search for at column 1'],
    ['since:soon', 'expected RFC 3339 with a zone, or a span before now such as 15m, 2h or 7d at column 7; got "soon"'],
    ['time:2026-01-01', 'a zone'],
    ['a "b', 'expected a closing " for the quote at column 3; got "\\"b"'],
    ['()', 'expected a term at column 2; got ")"'],
    ['(a', 'expected ")" at column 3; got the end of the query'],
    ['a )', 'expected a term or the end of the query (no "(" is open) at column 3; got ")"'],
    ['f(x)', 'expected a space before "(", or quotes around it at column 2; got "(x)"'],
    ['OR a', 'expected a term at column 1; got "OR"'],
    ['a OR', 'expected a term at column 5; got the end of the query'],
    ['a AND OR b', 'expected a term at column 7; got "OR"'],
    ['NOT', 'expected a term at column 4; got the end of the query'],
    ['a -', 'expected a term at column 4; got the end of the query'],
    ['a - b', 'expected a term right after "-" at column 4; got a space'],
  ])('says what %s lacks, and where', (text, message) => {
    expect(refusal(text)).toContain(message);
  });

  it('takes 2 KiB of UTF-8 and no more', () => {
    expect(parseQuery('é'.repeat(1_024), now)).toMatchObject({ kind: 'or' });
    expect(refusal('é'.repeat(1_025))).toBe(
      'expected at most 2048 bytes, which end at column 1025; got 1025 characters',
    );
    expect(refusal(' '.repeat(1e6))).toContain('2048 bytes');
  });

  it.each(['(', '-', 'NOT '])('stops at 64 of "%s" inside one another', (opening) => {
    const closing = opening === '(' ? ')' : '';
    expect(parseQuery(`${opening.repeat(64)}key:a${closing.repeat(64)}`, now)).toEqual(parseQuery('key:a', now));
    const message = `expected at most 64 parentheses and negations inside one another at column ${String(64 * opening.length + 1)}`;
    expect(refusal(`${opening.repeat(65)}key:a${closing.repeat(65)}`)).toContain(message);
    expect(refusal(opening.repeat(Math.floor(2_000 / opening.length)))).toContain(message);
  });

  it('counts only what is open, not what is closed', () => {
    expect(parseQuery('(key:a) '.repeat(200), now)).toMatchObject({ kind: 'and' });
  });
});

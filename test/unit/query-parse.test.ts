import { describe, expect, it } from 'vitest';
import { RefusedError } from '../../src/pipeline/codes.ts';
import type { Query } from '../../src/pipeline/query/ast.ts';
import { parseQuery } from '../../src/pipeline/query/parse.ts';

const now = Date.parse('2026-01-02T00:00:00Z');

function parse(text: string): Query {
  return parseQuery(text, now);
}

function refusal(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'invalid_query') return error.message;
    throw error;
  }
  throw new Error(`"${text}" was read`);
}

/** The query of `key:a`. */
function key(value: string): Query {
  return { kind: 'text', field: 'key', pattern: [value] };
}

describe('parseQuery', () => {
  describe('terms', () => {
    it('reads the example of the contract', () => {
      const text =
        'severity>=error source:sw-* -channel:tcp label.site:madrid (key:disk OR key:raid) "link down" since:2h';
      expect(parse(text)).toEqual({
        kind: 'and',
        queries: [
          { kind: 'severity', anyOf: ['error', 'critical'] },
          { kind: 'text', field: 'source', pattern: ['sw-', ''] },
          { kind: 'not', query: { kind: 'text', field: 'channel', pattern: ['tcp'] } },
          { kind: 'member', path: ['labels', 'site'], pattern: ['madrid'] },
          { kind: 'or', queries: [key('disk'), key('raid')] },
          parse('"link down"'),
          { kind: 'order', field: 'time', operator: '>=', value: now - 7_200_000 },
        ],
      });
    });

    it.each(['', '  \t\n', '*', '**', '""'])('takes %j for everything', (text) => {
      expect(parse(text)).toEqual({ kind: 'all' });
    });

    it.each([
      ['severity:ERR', ['error']],
      ['severity:e*', ['error']],
      ['severity:*', ['info', 'warning', 'error', 'critical']],
      ['severity>warn', ['error', 'critical']],
      ['severity<=notice', ['info']],
      ['severity<Fatal', ['info', 'warning', 'error']],
      ['severity>critical', []],
    ])('reads %s by the names that drafts use', (text, anyOf) => {
      expect(parse(text)).toEqual({ kind: 'severity', anyOf });
    });

    it.each([
      ['source:A', { kind: 'text', field: 'source', pattern: ['a'] }],
      ['Channel:tcp', { kind: 'text', field: 'channel', pattern: ['tcp'] }],
      ['id:a*', { kind: 'text', field: 'id', pattern: ['a', ''] }],
      ['status:firing', { kind: 'member', path: ['status'], pattern: ['firing'] }],
      ['message:*"link down"*', { kind: 'member', path: ['message'], pattern: ['', 'link down', ''] }],
      ['label.site:x', { kind: 'member', path: ['labels', 'site'], pattern: ['x'] }],
      [
        'label.app.kubernetes.io/name:x',
        { kind: 'member', path: ['labels', 'app.kubernetes.io/name'], pattern: ['x'] },
      ],
      ['label."a b":x', { kind: 'member', path: ['labels', 'a b'], pattern: ['x'] }],
      ['data.a.b:5', { kind: 'member', path: ['data', 'a', 'b'], pattern: ['5'] }],
      ['data."a.b"."":x', { kind: 'member', path: ['data', 'a.b', ''], pattern: ['x'] }],
      ['data.__proto__:x', { kind: 'member', path: ['data', '__proto__'], pattern: ['x'] }],
      ['data.t>=-5.5e1', { kind: 'number', path: ['data', 't'], operator: '>=', value: -55 }],
      ['data.t<.5', { kind: 'number', path: ['data', 't'], operator: '<', value: 0.5 }],
      ['position:7', { kind: 'order', field: 'position', operator: '=', value: 7 }],
      ['position<=7', { kind: 'order', field: 'position', operator: '<=', value: 7 }],
      ['time>2026-01-01T00:00:00Z', { kind: 'order', field: 'time', operator: '>', value: now - 86_400_000 }],
      ['time<="2026-01-01 00:00:00Z"', { kind: 'order', field: 'time', operator: '<=', value: now - 86_400_000 }],
      ['time<1d', { kind: 'order', field: 'time', operator: '<', value: now - 86_400_000 }],
      ['until:1d', { kind: 'order', field: 'time', operator: '<', value: now - 86_400_000 }],
    ])('reads %s', (text, query) => {
      expect(parse(text)).toEqual(query);
    });

    it.each([
      '12:30',
      '::1',
      '[::1]:9000',
      'a->b',
      'exit=1',
      'a!=b',
      '100%',
      'data.json',
      'severity',
      'C',
      'or',
      'x-y',
      '\\\\srv\\a',
    ])('looks for %s as text', (text) => {
      const pattern = ['', text.toLowerCase(), ''];
      expect(parse(text)).toEqual({
        kind: 'or',
        queries: [
          { kind: 'text', field: 'source', pattern },
          { kind: 'member', path: ['message'], pattern },
        ],
      });
    });

    it('keeps what stands behind the first colon of a value', () => {
      expect(parse('label.url:http://[::1]:80/?a=b&c>=d@e')).toMatchObject({
        pattern: ['http://[::1]:80/?a=b&c>=d@e'],
      });
    });
  });

  describe('quotes and wildcards', () => {
    it('takes everything inside quotes literally, but for \\" and \\\\', () => {
      expect(parse('key:"a \\"b\\" \\\\ \\d * (OR)"')).toEqual(key('a "b" \\ \\d * (or)'));
    });

    it('takes * outside of quotes for a wildcard, also in a word with quotes', () => {
      expect(parse('key:a*"*b c"*')).toEqual({ kind: 'text', field: 'key', pattern: ['a', '*b c', ''] });
    });

    it('joins quotes inside a word to the rest of it', () => {
      expect(parse('"link "down')).toEqual(parse('"link down"'));
    });

    it('finds quoted keywords as text', () => {
      expect(parse('"OR"')).toEqual(parse('or'));
    });

    it('takes an empty value for the empty text', () => {
      expect(parse('key:""')).toEqual(key(''));
    });
  });

  describe('precedence', () => {
    it.each([
      ['key:a key:b OR key:c', '(key:a key:b) OR key:c'],
      ['key:a OR key:b key:c', 'key:a OR (key:b key:c)'],
      ['key:a AND key:b', 'key:a key:b'],
      ['NOT key:a key:b', '(NOT key:a) key:b'],
      ['NOT key:a OR key:b', '(NOT key:a) OR key:b'],
      ['-key:a key:b', '(-key:a) key:b'],
      ['-key:a', 'NOT key:a'],
      ['--key:a', 'key:a'],
      ['NOT(key:a)OR(key:b)', 'NOT key:a OR key:b'],
      ['-(key:a OR key:b)', 'NOT (key:a OR key:b)'],
      ['((key:a))', 'key:a'],
      ['key:a AND NOT key:b', 'key:a -key:b'],
      ['key:a OR NOT key:b', 'key:a OR -key:b'],
    ])('reads %s as %s', (text, same) => {
      expect(parse(text)).toEqual(parse(same));
    });

    it('tells AND from OR, and a group from none', () => {
      const texts = [
        'key:a key:b',
        'key:a OR key:b',
        '-key:a key:b',
        '-(key:a key:b)',
        '(key:a OR key:b) key:c',
        'key:a OR key:b key:c',
      ];
      expect(new Set(texts.map((text) => JSON.stringify(parse(text)))).size).toBe(texts.length);
    });

    it('takes small letters for words', () => {
      expect(parse('key:a or key:b')).toEqual(parse('key:a "or" key:b'));
    });
  });

  describe('refusals', () => {
    it('lists the fields when it does not know one', () => {
      expect(refusal('up foo:bar')).toBe(
        'expected a field (severity, source, channel, key, status, id, message, label.NAME, data.PATH, time, position, ' +
          'since, until), or quotes around text to search for at column 4; got "foo:bar"',
      );
    });

    it.each([
      ['severity:loud', 'expected one of info, warning, error, critical at column 10; got "loud"'],
      ['severity>=e*', 'expected one of info, warning, error, critical at column 11; got "e*"'],
      [
        'severity=error',
        'expected ":" after the field (or quotes around text to search for) at column 9; got "=error"',
      ],
      [
        'severity!=info',
        'expected ":" after the field (or quotes around text to search for) at column 9; got "!=info"',
      ],
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
      [
        'since:soon',
        'expected RFC 3339 with a zone, or a span before now such as 15m, 2h or 7d at column 7; got "soon"',
      ],
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
      expect(parse('é'.repeat(1_024))).toMatchObject({ kind: 'or' });
      expect(refusal('é'.repeat(1_025))).toBe(
        'expected at most 2048 bytes, which end at column 1025; got 1025 characters',
      );
      expect(refusal(' '.repeat(1e6))).toContain('2048 bytes');
    });

    it.each(['(', '-', 'NOT '])('stops at 64 of "%s" inside one another', (opening) => {
      const closing = opening === '(' ? ')' : '';
      expect(parse(`${opening.repeat(64)}key:a${closing.repeat(64)}`)).toEqual(key('a'));
      const message = `expected at most 64 parentheses and negations inside one another at column ${String(64 * opening.length + 1)}`;
      expect(refusal(`${opening.repeat(65)}key:a${closing.repeat(65)}`)).toContain(message);
      expect(refusal(opening.repeat(Math.floor(2_000 / opening.length)))).toContain(message);
    });

    it('counts only what is open, not what is closed', () => {
      expect(parse('(key:a) '.repeat(200))).toMatchObject({ kind: 'and' });
    });
  });

  it('makes a query that is its own JSON', () => {
    const query = parse('severity>=error -(source:a* OR data.t>=5) up time<2h label.a:b');
    expect(JSON.parse(JSON.stringify(query))).toEqual(query);
  });

  it('replaces a lone surrogate, which no event can hold, as UTF-8 does', () => {
    expect(parse('key:a\ud800b')).toEqual(key('a\ufffdb'));
  });
});

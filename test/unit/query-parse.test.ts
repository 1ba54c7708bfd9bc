import { describe, expect, it } from 'vitest';
import type { Query } from '../../src/pipeline/query/ast.ts';
import { parseQuery } from '../../src/pipeline/query/parse.ts';

const now = Date.parse('2026-01-02T00:00:00Z');

function parse(text: string): Query {
  return parseQuery(text, now);
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

  it('makes a query that is its own JSON', () => {
    const query = parse('severity>=error -(source:a* OR data.t>=5) up time<2h label.a:b');
    expect(JSON.parse(JSON.stringify(query))).toEqual(query);
  });

  it('replaces a lone surrogate, which no event can hold, as UTF-8 does', () => {
    expect(parse('key:a\ud800b')).toEqual(key('a\ufffdb'));
  });
});

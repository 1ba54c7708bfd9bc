import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileQuery, type RecordLike } from '../../src/pipeline/query/evaluate.ts';
import { parseQuery } from '../../src/pipeline/query/parse.ts';
import { piecesOf, termFor, termsOf, withoutTerm, withTerm } from '../../web/query/terms.ts';

const kindsOf = (query: string) =>
  piecesOf(query)
    .filter(({ kind }) => kind !== 'space')
    .map(({ kind, text }) => `${kind} ${text}`);

describe('piecesOf', () => {
  it('tells fields, operators and values apart', () => {
    expect(kindsOf('severity>=error -source:sw-*')).toEqual([
      'field severity',
      'operator >=',
      'value error',
      'field -source',
      'operator :',
      'value sw-*',
    ]);
  });

  it('tells phrases, words, keywords and brackets apart', () => {
    expect(kindsOf('(down OR "link down") NOT up')).toEqual([
      'bracket (',
      'word down',
      'keyword OR',
      'phrase "link down"',
      'bracket )',
      'keyword NOT',
      'word up',
    ]);
  });

  it('reads quoted names and values as one piece each', () => {
    expect(kindsOf('label."my site":"a b"c')).toEqual(['field label."my site"', 'operator :', 'value "a b"c']);
  });

  it('loses nothing of any text', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[ab:<>="()\\ *-]*$/));
    fc.assert(
      fc.property(text, (query) => {
        expect(
          piecesOf(query)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(query);
      }),
    );
  });
});

describe('termsOf', () => {
  it('keeps groups, phrases and negations whole', () => {
    expect(termsOf('a AND (b OR c)  NOT "d e" -f:g')).toEqual(['a', '(b OR c)', 'NOT "d e"', '-f:g']);
  });

  it('knows no terms of an OR', () => {
    expect(termsOf('a OR b')).toBeNull();
  });
});

describe('withTerm', () => {
  it.each([
    ['', 'source:a', 'source:a'],
    ['link', 'source:a', 'link source:a'],
    ['source:a link', 'source:a', 'source:a link'],
    ['-source:a link', 'source:a', 'link source:a'],
    ['source:a', '-source:a', '-source:a'],
    ['a OR b', 'source:a', '(a OR b) source:a'],
  ])('makes of "%s" and %s "%s"', (query, term, result) => {
    expect(withTerm(query, term)).toBe(result);
  });
});

describe('withoutTerm', () => {
  it('leaves one term out', () => {
    expect(withoutTerm('a (b OR c) d', 1)).toBe('a d');
  });
});

describe('termFor', () => {
  it('leaves plain values as they are', () => {
    expect(termFor('source', 'sw-core-1', true)).toBe('-source:sw-core-1');
  });

  it('matches the value it was made for and not its neighbour, whatever the value is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), (source) => {
        const record: RecordLike = { position: 1, type: 'event', receivedAt: '2026-01-01T00:00:00.000Z', source };
        const matches = compileQuery(parseQuery(termFor('source', source, false), 0));
        expect(matches(record)).toBe(true);
        expect(matches({ ...record, source: `${source}x` })).toBe(false);
      }),
    );
  });
});

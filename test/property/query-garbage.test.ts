import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RefusedError } from '../../src/pipeline/codes.ts';
import { compileQuery } from '../../src/pipeline/query/evaluate.ts';
import { parseQuery } from '../../src/pipeline/query/parse.ts';

const token = fc.constantFrom(
  ...['(', ')', '-', '"', '\\', '*', ':', '>=', '<', '=', '!', '.', ' ', '\n', '\0', '\u00a0', '\ud800', '😀', 'é'],
  ...[
    'AND',
    'OR',
    'NOT',
    'severity',
    'severity:',
    'source:',
    'label.',
    'data.',
    'time>',
    'position:',
    'since:',
    'foo:',
  ],
  ...['error', '5', '2h', '2026-01-01T00:00:00Z', 'a'],
);
const likeQuery = fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join(''));
const anyText = fc.string({ unit: 'binary', maxLength: 100 });
const long = fc.tuple(token, fc.nat(3_000)).map(([each, times]) => each.repeat(times));

const record = { position: 1, type: 'event', receivedAt: '2026-01-01T00:00:00.000Z', message: 'a', source: 'a' };

describe('parseQuery of any text', () => {
  it('gives a query that can be asked and posted, or refuses with a column that lies in the text', () => {
    let read = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof({ arbitrary: likeQuery, weight: 3 }, anyText, long), (text) => {
        try {
          const query = parseQuery(text, 0);
          expect(JSON.parse(JSON.stringify(query))).toEqual(query);
          expect(compileQuery(query)(record)).toBeTypeOf('boolean');
          read += 1;
        } catch (error) {
          if (!(error instanceof RefusedError)) throw error;
          expect(error.code).toBe('invalid_query');
          const column = Number(/ at column (\d+)/.exec(error.message)?.[1]);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual(text.length + 1);
          refused += 1;
        }
      }),
      { numRuns: 5_000 },
    );
    expect(Math.min(read, refused)).toBeGreaterThan(300);
  });
});

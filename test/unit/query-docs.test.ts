import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RefusedError } from '../../src/pipeline/codes.ts';
import { parseQuery } from '../../src/pipeline/query/parse.ts';

const page = readFileSync(new URL('../../docs/query-language.md', import.meta.url), 'utf8');

/** The lines of the blocks marked as queries. */
const examples = [...page.matchAll(/```query\n(.*?)```/gs)].flatMap((block) => (block[1] ?? '').trim().split('\n'));
const refusals = [...page.matchAll(/^\| `(.+)` +\| `(expected .+)` +\|$/gm)].map(([, query, message]) => ({
  query,
  message,
}));

describe('docs/query-language.md', () => {
  it.each(examples)('gives an example that can be asked: %s', (query) => {
    expect(parseQuery(query, 0)).toMatchObject({ kind: expect.stringMatching(/^(and|or)$/) as unknown });
  });

  it.each(refusals)('tells the message that $query is refused with', ({ query, message }) => {
    expect(() => parseQuery(query ?? '', 0)).toThrow(new RefusedError('invalid_query', message ?? ''));
  });

  it('has examples and refusals', () => {
    expect(examples.length).toBeGreaterThan(5);
    expect(refusals.length).toBeGreaterThan(3);
  });
});

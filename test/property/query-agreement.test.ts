import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { severities, statuses } from '../../src/pipeline/event.ts';
import { compileFilter, type Filter } from '../../src/pipeline/filter.ts';
import { operators, textFields, type Path, type Query } from '../../src/pipeline/query/ast.ts';
import type { RecordLike } from '../../src/pipeline/query/evaluate.ts';
import { parseQuery } from '../../src/pipeline/query/parse.ts';
import { patternOf, type Pattern } from '../../src/pipeline/query/pattern.ts';
import { RecordsInSql } from '../support/query-records.ts';

const start = Date.parse('2026-01-01T00:00:00.000Z');

/** Few pieces, so that texts of records and queries meet; each has something that case, SQL or JSON could trip over. */
const piece = fc.constantFrom(
  ...['a', 'A', 'ab', 'ß', 'SS', 'é', 'e\u0301', 'İ', 'i', 'ı', 'Σ', 'ς', '\0', '*', '"', '\\', "'", '.', '%', '_'],
  ...['', ' ', '😀', '\u2028', '5', 'true', 'null', '1e+21', '{', '[', 'sw-', '\ufffd'],
);
/** Mostly one piece, or a text would seldom be the one that is asked for. */
const text = fc.oneof(
  { arbitrary: piece, weight: 2 },
  fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join('')),
);
const name = fc.constantFrom(
  ...[
    'a',
    'b',
    'a b',
    'a.b',
    'a"b',
    'a\\b',
    '',
    '__proto__',
    'constructor',
    'length',
    '0',
    'a[0]',
    '[0]',
    '$',
    '#',
    '\0',
  ],
  ...['é', '*', "a'b", 'A'],
);
const number = fc.oneof(
  fc.constantFrom(0, -0, 5, -5, 0.1, 0.30000000000000004, 1e21, 1e-7, 2 ** 53, 2 ** 63, 123456789012345680000, 5e-324),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -9, max: 9 }),
);

/** `__proto__` as an own name, as `JSON.parse` makes it. */
function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  const object = {};
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

const { data } = fc.letrec<{ data: object; value: unknown }>((tie) => ({
  data: fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map(objectOf),
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    text,
    number,
    fc.constantFrom<unknown>(true, false, null),
    fc.array(text, { maxLength: 2 }),
    tie('data'),
  ),
}));
const labels = fc.array(fc.tuple(name, text), { maxLength: 4 }).map(objectOf);
const instant = fc.integer({ min: start, max: start + 5 }).map((at) => new Date(at).toISOString());

const event = fc.record(
  {
    type: fc.constant('event'),
    receivedAt: instant,
    time: instant,
    id: text,
    source: text,
    severity: fc.constantFrom(...severities),
    message: text,
    channel: fc.constantFrom('tcp', 'http', 'ws', 'import'),
    key: text,
    status: fc.constantFrom(...statuses),
    labels,
    data,
  },
  {
    requiredKeys: [
      ...(['type', 'receivedAt', 'time', 'id', 'source', 'severity', 'message', 'channel', 'key', 'status'] as const),
    ],
  },
);
const anything = fc.oneof(text, number, fc.boolean(), fc.constant(null), data);
const decision = fc.record(
  {
    type: fc.constantFrom('notification.sent', 'alert.opened'),
    receivedAt: instant,
    time: instant,
    ...{ id: anything, source: anything, message: anything, channel: anything, key: anything, status: anything },
    ...{ severity: fc.oneof(fc.constantFrom(...severities), anything), labels: fc.oneof(labels, anything), data },
  },
  { requiredKeys: ['type', 'receivedAt'] },
);
const records = fc
  .array(fc.oneof({ arbitrary: event, weight: 3 }, decision), { minLength: 1, maxLength: 6 })
  .map((list): readonly RecordLike[] => list.map((record, index) => ({ position: index + 1, ...record })));

const pattern = fc.array(text, { minLength: 1, maxLength: 3 }).map((pieces) => patternOf(pieces as unknown as Pattern));
const path = fc.oneof(
  fc.constantFrom<Path>(['message'], ['status'], ['labels'], ['data']),
  name.map((label): Path => ['labels', label]),
  fc.array(name, { minLength: 1, maxLength: 3 }).map((names): Path => ['data', ...names]),
);
const operator = fc.constantFrom(...operators);
const field = fc.constantFrom(...textFields);
const term: fc.Arbitrary<Query> = fc.oneof(
  fc.record({ kind: fc.constant('all' as const) }),
  fc.record({ kind: fc.constant('severity' as const), anyOf: fc.subarray([...severities]) }),
  fc.record({ kind: fc.constant('text' as const), field, pattern }),
  fc.record({ kind: fc.constant('exact' as const), field, values: fc.array(text, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('member' as const), path, pattern }),
  fc.record({ kind: fc.constant('number' as const), path, operator, value: number }),
  fc.record({
    kind: fc.constant('order' as const),
    field: fc.constant('time' as const),
    operator,
    value: fc.integer({ min: start - 1, max: start + 6 }),
  }),
  fc.record({
    kind: fc.constant('order' as const),
    field: fc.constant('position' as const),
    operator,
    value: fc.integer({ min: 0, max: 7 }),
  }),
);
const { query } = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { arbitrary: term, weight: 3 },
    fc.record({ kind: fc.constant('not' as const), query: tie('query') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      queries: fc.array(tie('query'), { maxLength: 4 }),
    }),
  ),
}));

const quoted = text.map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`);
const word = fc.array(fc.oneof(quoted, fc.constantFrom('*', 'a', 'S', 'ß', '5', 'sw-')), {
  minLength: 1,
  maxLength: 3,
});
const value = word.map((parts) => parts.join(''));
const quotedName = name.map((each) => `"${each.replaceAll(/["\\]/g, '\\$&')}"`);
const dataPath = fc.array(quotedName, { minLength: 1, maxLength: 2 }).map((names) => `data.${names.join('.')}`);
const writtenTerm = fc.oneof(
  value.filter((each) => !each.startsWith('-')),
  fc
    .tuple(fc.constantFrom('source', 'CHANNEL', 'key', 'status', 'id', 'message'), value)
    .map((parts) => parts.join(':')),
  fc.tuple(quotedName, value).map(([label, each]) => `label.${label}:${each}`),
  fc.tuple(dataPath, value).map((parts) => parts.join(':')),
  fc
    .tuple(dataPath, fc.constantFrom('>=', '>', '<=', '<'), number)
    .map(([at, than, each]) => `${at}${than}${String(each)}`),
  fc
    .tuple(fc.constantFrom('severity>=', 'severity:', 'severity<'), fc.constantFrom('warn', 'Error', 'crit'))
    .map((p) => p.join('')),
  fc.tuple(fc.constantFrom('time>=', 'time<', 'since:', 'until:'), instant).map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom('position:', 'position>', 'position<='), fc.nat(7)).map((parts) => parts.join('')),
);
const { written } = fc.letrec<{ written: string }>((tie) => ({
  written: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { arbitrary: writtenTerm, weight: 3 },
    tie('written').map((each) => `-(${each})`),
    tie('written').map((each) => `NOT (${each})`),
    fc.tuple(tie('written'), fc.constantFrom(' ', ' OR ', ' AND '), tie('written')).map((parts) => parts.join('')),
  ),
}));

const types = fc.constantFrom<Filter['types']>(['event'], null, ['alert.opened', 'event'], ['notification.sent']);

describe('the query language', () => {
  const table = new RecordsInSql();
  afterAll(() => table.close());

  let matched = 0;
  let unmatched = 0;
  function agrees(held: readonly RecordLike[], areDecisionsCopied: boolean, filter: Filter): void {
    table.hold(held, areDecisionsCopied);
    const inMemory = held.filter(compileFilter(filter)).map((record) => record.position);
    expect(table.positions(filter)).toEqual(inMemory);
    matched += inMemory.length;
    unmatched += held.length - inMemory.length;
  }

  it('gives the same answers in memory and in SQL', () => {
    fc.assert(
      fc.property(records, fc.boolean(), query, types, (held, areDecisionsCopied, each, wanted) => {
        agrees(held, areDecisionsCopied, { types: wanted, query: each });
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(matched, unmatched)).toBeGreaterThan(1_000);
  });

  it('gives the same answers in memory and in SQL to what a person writes', () => {
    fc.assert(
      fc.property(records, fc.boolean(), written, types, (held, areDecisionsCopied, each, wanted) => {
        agrees(held, areDecisionsCopied, { types: wanted, query: parseQuery(each, start + 3) });
      }),
      { numRuns: 2_000 },
    );
  });
});

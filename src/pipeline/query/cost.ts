import type { Query, Term } from './ast.ts';

/** 0 compares what is at hand, 1 folds a short text, 2 looks inside the record. */
const costByKind: Readonly<Record<Term['kind'] | 'all', number>> = {
  all: 0,
  severity: 0,
  order: 0,
  exact: 0,
  text: 1,
  member: 2,
  number: 2,
};
/** Folds a text of up to 8 KiB. */
const messageCost = 3;

/** The queries with the cheap ones first, else in their order: where those decide, the others are not asked. */
export function cheapFirst(queries: readonly Query[]): readonly Query[] {
  return queries
    .map((query) => ({ query, cost: costOf(query) }))
    .sort((left, right) => left.cost - right.cost)
    .map(({ query }) => query);
}

function costOf(query: Query): number {
  if (query.kind === 'not') return costOf(query.query);
  if (query.kind === 'and' || query.kind === 'or') return Math.max(0, ...query.queries.map(costOf));
  return query.kind === 'member' && query.path[0] === 'message' ? messageCost : costByKind[query.kind];
}

import type { Query } from './ast.ts';

/** The queries with the cheap ones first, else in their order: what they decide, the others need not be asked. */
export function cheapFirst(queries: readonly Query[]): readonly Query[] {
  return queries
    .map((query) => ({ query, cost: costOf(query) }))
    .sort((left, right) => left.cost - right.cost)
    .map(({ query }) => query);
}

/** 0 compares numbers, 1 short texts, 2 looks inside the record, 3 reads the message. */
function costOf(query: Query): number {
  switch (query.kind) {
    case 'all':
    case 'severity':
    case 'order':
    case 'exact':
      return 0;
    case 'text':
      return query.field === 'message' ? 3 : query.field === 'status' ? 2 : 1;
    case 'member':
    case 'number':
      return 2;
    case 'not':
      return costOf(query.query);
    case 'and':
    case 'or':
      return Math.max(0, ...query.queries.map(costOf));
  }
}

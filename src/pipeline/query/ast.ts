import type { Severity } from '../event.ts';
import type { Pattern } from './pattern.ts';

/** What a query asks of a record. Plain JSON: it is posted to threads, and its JSON text tells equal filters apart from
 *  different ones. Instants are fixed already, so the same query gives the same answer whenever it is asked. */
export type Query =
  | { readonly kind: 'all' }
  | { readonly kind: 'and'; readonly queries: readonly Query[] }
  | { readonly kind: 'or'; readonly queries: readonly Query[] }
  | { readonly kind: 'not'; readonly query: Query }
  | Term;

export type Term =
  | { readonly kind: 'severity'; readonly anyOf: readonly Severity[] }
  /** The text, ignoring case. */
  | { readonly kind: 'text'; readonly field: TextField; readonly pattern: Pattern }
  /** One of these texts, to the letter. */
  | { readonly kind: 'exact'; readonly field: TextField; readonly values: readonly string[] }
  /** The text, number or boolean that is found there, ignoring case. */
  | { readonly kind: 'member'; readonly path: Path; readonly pattern: Pattern }
  /** The same place, when it holds a number. */
  | { readonly kind: 'number'; readonly path: Path; readonly operator: Operator; readonly value: number }
  /** `time` in milliseconds since 1970. */
  | {
      readonly kind: 'order';
      readonly field: 'time' | 'position';
      readonly operator: Operator;
      readonly value: number;
    };

/** Short texts, by which records are told apart. */
export const textFields = ['source', 'channel', 'key', 'id'] as const;
export type TextField = (typeof textFields)[number];

/** Names that lead into a record, one inside the other. */
export type Path = readonly ['message' | 'status' | 'labels' | 'data', ...string[]];

export const operators = ['>=', '<=', '>', '<', '='] as const;
export type Operator = (typeof operators)[number];

export const everything: Query = { kind: 'all' };

/** What all of `queries` match; with none of them, everything. */
export function allOf(queries: readonly Query[]): Query {
  const wanted = queries.flatMap((query) =>
    query.kind === 'and' ? query.queries : query.kind === 'all' ? [] : [query],
  );
  const [only] = wanted;
  if (only === undefined) return everything;
  return wanted.length === 1 ? only : { kind: 'and', queries: wanted };
}

/** What at least one of `queries` matches. */
export function anyOf(queries: readonly [Query, ...Query[]]): Query {
  const wanted = queries.flatMap((query) => (query.kind === 'or' ? query.queries : [query]));
  if (wanted.some((query) => query.kind === 'all')) return everything;
  return wanted.length === 1 ? queries[0] : { kind: 'or', queries: wanted };
}

/** What `query` does not match. */
export function noneOf(query: Query): Query {
  return query.kind === 'not' ? query.query : { kind: 'not', query };
}

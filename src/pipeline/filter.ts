import { RefusedError } from './codes.ts';
import { severities, type Severity } from './event.ts';
import { shown } from './field-error.ts';
import { allOf, everything, type Operator, type Query } from './query/ast.ts';
import { compileQuery, type Predicate } from './query/evaluate.ts';
import { parseQuery } from './query/parse.ts';
import { severityByName } from './severity-names.ts';
import { instantRule, parseInstant } from './span.ts';

/** Which records a reader wants. Plain JSON, with every instant fixed. */
export interface Filter {
  /** Null for records of every type. */
  readonly types: readonly string[] | null;
  readonly query: Query;
}

/** Every record of every type. */
export const matchAll: Filter = { types: null, query: everything };

/** The parameters of a request that choose records. */
export const filterFieldNames = ['q', 'severity', 'source', 'channel', 'key', 'type', 'since', 'until'] as const;
type FilterFieldName = (typeof filterFieldNames)[number];
export type FilterFields = { readonly [Name in FilterFieldName]?: string | undefined };

const typeName = /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*$/;

/** Reads the parameters, all of which must match. `type` is `event` when missing; a span in `since` or `until` counts
 *  back from `now`, and `until` itself is not included, so that ranges side by side share no event. Throws a
 *  {@link RefusedError}: `invalid_query` for `q`, for the others `invalid_request` with the parameter's name. */
export function readFilter(fields: FilterFields, now: number): Filter {
  const { q, severity, since, until } = fields;
  const queries: Query[] = [];
  if (severity !== undefined) queries.push({ kind: 'severity', anyOf: readSeverities(severity) });
  for (const field of ['source', 'channel', 'key'] as const) {
    const list = fields[field];
    if (list !== undefined) queries.push(exactly(field, list));
  }
  if (since !== undefined) queries.push(timeTerm('since', '>=', since, now));
  if (until !== undefined) queries.push(timeTerm('until', '<', until, now));
  if (q !== undefined) queries.push(parseQuery(q, now));
  return { types: readTypes(fields.type ?? 'event'), query: allOf(queries) };
}

/** Those of the parameters that were given. */
export function givenFields(fields: FilterFields): FilterFields {
  return Object.fromEntries(
    filterFieldNames.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
  );
}

/** The filter as a test of one record. */
export function compileFilter(filter: Filter): Predicate {
  const matches = compileQuery(filter.query);
  const { types } = filter;
  if (types === null) return matches;
  const [only] = types;
  if (types.length === 1) return (record) => record.type === only && matches(record);
  return (record) => types.includes(record.type) && matches(record);
}

/** The same text for filters that are the same. */
export function filterKey(filter: Filter): string {
  return JSON.stringify([filter.types, filter.query]);
}

function readTypes(list: string): readonly string[] | null {
  const names = partsOf('type', list, 'must be * or a comma list of record types');
  if (names.includes('*')) return null;
  if (!names.every((name) => typeName.test(name))) {
    throw refused('type', 'must be * or a comma list of record types', list);
  }
  return names;
}

function readSeverities(list: string): readonly Severity[] {
  const rule = `must be a comma list of ${severities.join(', ')}`;
  const given = partsOf('severity', list, rule).map((name) => {
    const severity = severityByName(name);
    if (severity === undefined) throw refused('severity', rule, name);
    return severity;
  });
  return severities.filter((severity) => given.includes(severity));
}

function exactly(field: 'source' | 'channel' | 'key', list: string): Query {
  return { kind: 'exact', field, values: partsOf(field, list, 'must be a comma list of values, none of them empty') };
}

function timeTerm(name: 'since' | 'until', operator: Operator, text: string, now: number): Query {
  const value = parseInstant(text, now);
  if (value === undefined) throw refused(name, `must be ${instantRule}`, text);
  return { kind: 'order', field: 'time', operator, value };
}

/** Sorted and each once, so that lists in another order make the same filter. */
function partsOf(name: FilterFieldName, list: string, rule: string): readonly string[] {
  const parts = new Set(list.toWellFormed().split(','));
  if (parts.has('')) throw refused(name, rule, list);
  return [...parts].sort();
}

function refused(name: FilterFieldName, rule: string, got: string): RefusedError {
  return new RefusedError('invalid_request', `${name}: ${rule}; got ${shown(got)}`);
}

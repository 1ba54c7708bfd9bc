import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { severities } from '../../pipeline/event.ts';
import type { Filter } from '../../pipeline/filter.ts';
import type { Path, Query, Term, TextField } from '../../pipeline/query/ast.ts';
import { cheapFirst } from '../../pipeline/query/cost.ts';

type Condition = RawBuilder<SqlBool>;

/** A condition on the table `records` that is true for the records which `compileFilter` lets through. For the others it
 *  is false or null, which a WHERE takes alike; NOT never sees a null, being written as IS NOT TRUE. Needs a connection
 *  that has {@link registerQueryFunctions}. All values are parameters, so that filters alike share a prepared statement.
 *
 *  The columns are copies of the record's fields. A decision's may be null though the record has the field, hence the
 *  look into the record unless the filter asks for events alone. */
export function filterSql(filter: Filter): Condition {
  const { types } = filter;
  const fields = types?.length === 1 && types[0] === 'event' ? fieldsOfEvents : fieldsOfRecords;
  const matches = querySql(filter.query, fields);
  return types === null ? matches : sql`(${typeSql(types)} AND ${matches})`;
}

/** What an index of decisions covers is said in its words, or SQLite would read the events between them. */
function typeSql(types: readonly string[]): Condition {
  const listed: Condition = sql`type IN (${sql.join(types)})`;
  return types.includes('event') ? listed : sql`type <> 'event' AND ${listed}`;
}

/** How a condition gets at the fields that have a column. */
interface Fields {
  readonly severity: RawBuilder<unknown>;
  readonly text: (field: TextField) => RawBuilder<unknown>;
  readonly matches: (field: TextField, pattern: string) => Condition;
}

const fieldsOfEvents: Fields = {
  severity: sql`severity`,
  text: (field) => sql.ref(field),
  matches: (field, pattern) => sql`matches_text(${sql.ref(field)}, ${pattern})`,
};

const fieldsOfRecords: Fields = {
  severity: sql`coalesce(severity, CASE record ->> '$.severity' ${sql.join(
    severities.map((name, rank) => sql`WHEN ${sql.lit(name)} THEN ${sql.lit(rank)}`),
    sql` `,
  )} END)`,
  text: (field) => sql`iif(json_type(record, ${pathOf([field])}) = 'text', record ->> ${pathOf([field])}, NULL)`,
  matches: (field, pattern) => sql`matches_json(record -> ${pathOf([field])}, ${pattern})`,
};

function querySql(query: Query, fields: Fields): Condition {
  if (query.kind === 'all') return sql`TRUE`;
  if (query.kind === 'not') return sql`(${querySql(query.query, fields)} IS NOT TRUE)`;
  if (query.kind !== 'and' && query.kind !== 'or') return termSql(query, fields);
  const conditions = cheapFirst(query.queries).map((each) => querySql(each, fields));
  return query.kind === 'and' ? join(conditions, sql` AND `, sql`TRUE`) : join(conditions, sql` OR `, sql`FALSE`);
}

/** Halves in parentheses, since SQLite allows an expression to be 1,000 deep and a row of operators is a deep one. */
function join(conditions: readonly Condition[], operator: RawBuilder<unknown>, none: Condition): Condition {
  const [only] = conditions;
  if (only === undefined) return none;
  if (conditions.length === 1) return only;
  const middle = Math.ceil(conditions.length / 2);
  const left = join(conditions.slice(0, middle), operator, none);
  const right = join(conditions.slice(middle), operator, none);
  return sql`(${left}${operator}${right})`;
}

function termSql(term: Term, fields: Fields): Condition {
  switch (term.kind) {
    case 'severity': {
      const ranks = term.anyOf.map((severity) => severities.indexOf(severity));
      return sql`(${fields.severity} IN (${sql.join(ranks)}))`;
    }
    case 'exact':
      return sql`(${fields.text(term.field)} IN (${sql.join(term.values)}))`;
    case 'text':
      return fields.matches(term.field, JSON.stringify(term.pattern));
    case 'member':
      return sql`matches_json(${memberSql(term.path)}, ${JSON.stringify(term.pattern)})`;
    case 'number':
      return sql`(json_number(${memberSql(term.path)}) ${sql.raw(term.operator)} ${term.value})`;
    case 'order':
      return sql`(${sql.ref(term.field)} ${sql.raw(term.operator)} ${term.value})`;
  }
}

/** The JSON text of what the names lead to. To SQLite a name ends at U+0000, so that `a` would find what stands under
 *  `a\0b` and the other way round: names and records with that sign inside are left to JavaScript. */
function memberSql(names: Path): RawBuilder<unknown> {
  const inSql = sql`record -> ${pathOf(names)}`;
  if (names.length === 1) return inSql;
  const inJavaScript = sql`record_member(record, ${JSON.stringify(names)})`;
  if (names.some((name) => name.includes('\0'))) return inJavaScript;
  return sql`iif(instr(record, '\\u0000'), ${inJavaScript}, ${inSql})`;
}

/** SQLite reads a name between quotes as JSON writes it, escapes too, whatever signs it holds. */
function pathOf(names: readonly string[]): string {
  return `$${names.map((name) => `.${JSON.stringify(name)}`).join('')}`;
}

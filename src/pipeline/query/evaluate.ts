import { parseRfc3339 } from '../rfc3339.ts';
import type { Query, Term, TextField } from './ast.ts';
import { compare } from './compare.ts';
import { cheapFirst } from './cost.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import { rememberLast } from '../remember-last.ts';
import { foldScalar, memberOf } from './member.ts';

/** Any record of the log, an event or a decision; the latter may lack every field but the first three. */
export interface RecordLike {
  readonly position: number;
  readonly type: string;
  readonly receivedAt: string;
  readonly time?: unknown;
  readonly id?: unknown;
  readonly source?: unknown;
  readonly severity?: unknown;
  readonly message?: unknown;
  readonly channel?: unknown;
  readonly key?: unknown;
  readonly status?: unknown;
  readonly labels?: unknown;
  readonly data?: unknown;
}

export type Predicate = (record: RecordLike) => boolean;

/** The query as a test of one record. Compile once, test often. The log answers the same, from the SQL of `filterSql`.
 *  A field that the record lacks matches nothing, nor does one that holds another kind of value. */
export function compileQuery(query: Query): Predicate {
  return compile(query, new FoldedTexts());
}

function compile(query: Query, texts: FoldedTexts): Predicate {
  if (query.kind === 'all') return () => true;
  if (query.kind === 'not') {
    const predicate = compile(query.query, texts);
    return (record) => !predicate(record);
  }
  if (query.kind !== 'and' && query.kind !== 'or') return compileTerm(query, texts);
  const predicates = cheapFirst(query.queries).map((each) => compile(each, texts));
  return query.kind === 'and'
    ? (record) => predicates.every((predicate) => predicate(record))
    : (record) => predicates.some((predicate) => predicate(record));
}

function compileTerm(term: Term, texts: FoldedTexts): Predicate {
  switch (term.kind) {
    case 'severity':
      return oneOf('severity', term.anyOf);
    case 'exact':
      return oneOf(term.field, term.values);
    case 'text':
      return matching(texts.of([term.field]), term.pattern);
    case 'member':
      return matching(texts.of(term.path), term.pattern);
    case 'number':
      return (record) => {
        const value = memberOf(record, term.path);
        return typeof value === 'number' && compare(value, term.operator, term.value);
      };
    case 'order': {
      const read = term.field === 'time' ? timeOf : positionOf;
      return (record) => {
        const value = read(record);
        return value !== undefined && compare(value, term.operator, term.value);
      };
    }
  }
}

function matching(read: (record: RecordLike) => string | undefined, pattern: Pattern): Predicate {
  const matches = compilePattern(pattern);
  return (record) => {
    const text = read(record);
    return text !== undefined && matches(text);
  };
}

/** What the terms of one query read, each folded once for each record however many terms ask for it. */
class FoldedTexts {
  readonly #readers = new Map<string, (record: RecordLike) => string | undefined>();

  of(path: readonly string[]): (record: RecordLike) => string | undefined {
    const name = JSON.stringify(path);
    const known = this.#readers.get(name);
    if (known !== undefined) return known;
    const reader = rememberLast((record: RecordLike) => foldScalar(memberOf(record, path)));
    this.#readers.set(name, reader);
    return reader;
  }
}

function oneOf(field: 'severity' | TextField, values: readonly string[]): Predicate {
  const wanted: ReadonlySet<unknown> = new Set(values);
  return (record) => wanted.has(record[field]);
}

function positionOf(record: RecordLike): number {
  return record.position;
}

function timeOf(record: RecordLike): number | undefined {
  return typeof record.time === 'string' ? parseRfc3339(record.time) : undefined;
}

import type Database from 'better-sqlite3';
import type { CompiledQuery } from 'kysely';
import type { Position } from '../../pipeline/event.ts';
import type { ReadPage, ReadRequest } from '../../pipeline/event-log.ts';
import type { StoredRecord } from '../../pipeline/record.ts';
import { openForReading } from './log-file.ts';
import { registerQueryFunctions } from './query-functions.ts';
import { filterSql } from './query-sql.ts';
import { sqlFor } from './statements.ts';

/** After this a page ends with what it has, and its reader goes on from there. */
const pageTimeMs = 2_000;
/** One statement looks at so many positions at first, then at as many as take about `windowTimeMs`: a running statement
 *  cannot be interrupted, and holds the WAL as long as it runs. */
const firstWindow = 4_096;
const windowTimeMs = 100;

interface Row {
  readonly position: Position;
  readonly record: string;
}

/** A read-only connection that pages through the log in short statements. */
export class LogReader {
  readonly #db: Database.Database;
  #lastStatement: { readonly sql: string; readonly statement: Database.Statement<unknown[]> } | null = null;

  constructor(dataDir: string) {
    this.#db = openForReading(dataDir);
    registerQueryFunctions(this.#db);
  }

  read(request: ReadRequest): ReadPage {
    const deadline = performance.now() + pageTimeMs;
    const records: StoredRecord[] = [];
    let room = request.maxBytes;
    let range: Range = { after: request.after, before: request.before };
    let size = firstWindow;
    while (range.before - range.after > 1) {
      const startedAt = performance.now();
      const window = windowOf(range, request.order, size);
      for (const row of this.#rows(request, window, request.limit - records.length)) {
        room -= row.record.length;
        records.push({ position: row.position, json: row.record });
        if (records.length >= request.limit || room <= 0) {
          const isComplete =
            request.order === 'asc' ? row.position + 1 >= range.before : row.position - 1 <= range.after;
          return { records, through: row.position, isComplete };
        }
      }
      range = rest(range, window, request.order);
      const now = performance.now();
      if (now > deadline) break;
      size = nextSize(size, now - startedAt);
    }
    const through = request.order === 'asc' ? range.after : range.before;
    return { records, through, isComplete: range.before - range.after <= 1 };
  }

  close(): void {
    this.#db.close();
  }

  #rows(request: ReadRequest, window: Range, limit: number): IterableIterator<Row> {
    const query = pageQuery(request, window, limit);
    return this.#statement(query.sql).iterate(...query.parameters) as IterableIterator<Row>;
  }

  /** Windows of one page, and pages of one reader, mostly have the same text. */
  #statement(sql: string): Database.Statement<unknown[]> {
    if (this.#lastStatement?.sql !== sql) this.#lastStatement = { sql, statement: this.#db.prepare<unknown[]>(sql) };
    return this.#lastStatement.statement;
  }
}

/** Positions between two exclusive bounds. */
interface Range {
  readonly after: Position;
  readonly before: Position;
}

function windowOf(range: Range, order: 'asc' | 'desc', size: number): Range {
  return order === 'asc'
    ? { after: range.after, before: Math.min(range.before, range.after + size + 1) }
    : { after: Math.max(range.after, range.before - size - 1), before: range.before };
}

function rest(range: Range, window: Range, order: 'asc' | 'desc'): Range {
  return order === 'asc'
    ? { after: window.before - 1, before: range.before }
    : { after: range.after, before: window.after + 1 };
}

function nextSize(size: number, tookMs: number): number {
  if (tookMs > windowTimeMs) return Math.max(256, Math.floor(size / 2));
  return tookMs < windowTimeMs / 4 ? size * 4 : size;
}

function pageQuery(request: ReadRequest, window: Range, limit: number): CompiledQuery {
  return sqlFor
    .selectFrom('records')
    .select(['position', 'record'])
    .where('position', '>', window.after)
    .where('position', '<', window.before)
    .where(filterSql(request.filter))
    .orderBy('position', request.order)
    .limit(limit)
    .compile();
}

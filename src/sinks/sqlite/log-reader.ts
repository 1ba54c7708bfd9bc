import type Database from 'better-sqlite3';
import type { CompiledQuery } from 'kysely';
import type { Position } from '../../pipeline/event.ts';
import type { ReadPage, ReadRequest } from '../../pipeline/event-log.ts';
import type { Filter } from '../../pipeline/filter.ts';
import type { StoredRecord } from '../../pipeline/record.ts';
import type { CountRequest, Histogram, PositionRange } from '../../pipeline/statistics.ts';
import { addCount, emptyCounts, TimeBuckets, type BucketRange } from '../../pipeline/time-buckets.ts';
import { asDamage, checkRow, type CheckedRow } from './damage.ts';
import type { RetentionLimits } from '../../pipeline/retention.ts';
import { openForReading } from './log-file.ts';
import { firstPosition } from './log-ends.ts';
import { findExpired, readKept } from './log-removal.ts';
import { windows } from './position-windows.ts';
import { registerQueryFunctions } from './query-functions.ts';
import { filterSql } from './query-sql.ts';
import { sqlFor } from './statements.ts';

/** After this a page ends with what it has, and its reader goes on from there. */
const pageTimeMs = 2_000;

/** A read-only connection that pages through the log in short statements. */
export class LogReader {
  readonly #db: Database.Database;
  #lastStatement: { readonly sql: string; readonly statement: Database.Statement } | null = null;

  constructor(dataDir: string) {
    this.#db = openForReading(dataDir);
    registerQueryFunctions(this.#db);
  }

  /** Has all files open from now on: SQLite opens the WAL only to read something. */
  openFiles(): void {
    firstPosition(this.#db);
  }

  /** Throws a `DamageError` when the next record is not what was written; a page that has some ends before it. */
  read(request: ReadRequest): ReadPage {
    const records: StoredRecord[] = [];
    try {
      return this.#read(request, records);
    } catch (error) {
      const damage = asDamage(error, null);
      const last = records.at(-1);
      if (last === undefined) throw damage;
      return { records, through: last.position, isComplete: false };
    }
  }

  /** See `EventLog`. */
  get first(): Position {
    return firstPosition(this.#db);
  }

  /** See `EventCounter`. */
  count({ range, filter, positions }: CountRequest): Histogram {
    const deadline = performance.now() + pageTimeMs;
    const buckets = new TimeBuckets(range);
    const counts = emptyCounts(range.count);
    for (const part of positions.toReversed()) {
      for (const window of windows(part, 'desc')) {
        if (performance.now() > deadline) return { counts, countedAfter: window.before - 1 };
        const query = countQuery(window, range, filter);
        const rows = this.#statement(query.sql)
          .raw()
          .iterate(...query.parameters);
        for (const [time, severity] of rows as IterableIterator<[number, number]>) {
          addCount(counts, buckets.indexOf(time), severity, 1);
        }
      }
    }
    return { counts, countedAfter: null };
  }

  /** See `RemovableLog`. */
  findExpired(limits: RetentionLimits, most: number): Position | null {
    return findExpired(this.#db, limits, most);
  }

  readKept(positions: readonly Position[]): readonly StoredRecord[] {
    return readKept(this.#db, positions);
  }

  close(): void {
    this.#db.close();
  }

  #read(request: ReadRequest, records: StoredRecord[]): ReadPage {
    const { order, limit, after, before } = request;
    const deadline = performance.now() + pageTimeMs;
    const pageThrough = (through: Position): ReadPage => ({
      records,
      through,
      isComplete: order === 'asc' ? through + 1 >= before : through - 1 <= after,
    });
    let room = request.maxBytes;
    let through = order === 'asc' ? after : before;
    for (const window of windows({ after, before }, order)) {
      for (const row of this.#rows(request, window, limit - records.length)) {
        checkRow(row);
        room -= row.record.length;
        records.push({ position: row.position, json: row.record });
        if (records.length >= limit || room <= 0) return pageThrough(row.position);
      }
      through = order === 'asc' ? window.before - 1 : window.after + 1;
      if (performance.now() > deadline) break;
    }
    return pageThrough(through);
  }

  #rows(request: ReadRequest, window: PositionRange, limit: number): IterableIterator<CheckedRow> {
    const query = pageQuery(request, window, limit);
    return this.#statement(query.sql).iterate(...query.parameters) as IterableIterator<CheckedRow>;
  }

  /** Windows of one page, and pages of one reader, mostly have the same text. */
  #statement(sql: string): Database.Statement {
    if (this.#lastStatement?.sql !== sql) this.#lastStatement = { sql, statement: this.#db.prepare(sql) };
    return this.#lastStatement.statement;
  }
}

function pageQuery(request: ReadRequest, window: PositionRange, limit: number): CompiledQuery {
  return sqlFor
    .selectFrom('records')
    .select(['position', 'record', 'checksum'])
    .where('position', '>', window.after)
    .where('position', '<', window.before)
    .where(filterSql(request.filter))
    .orderBy('position', request.order)
    .limit(limit)
    .compile();
}

function countQuery(window: PositionRange, { from, to }: BucketRange, filter: Filter): CompiledQuery {
  return sqlFor
    .selectFrom('records')
    .select(['time', 'severity'])
    .where('position', '>', window.after)
    .where('position', '<', window.before)
    .where('time', '>=', from)
    .where('time', '<', to)
    .where(filterSql(filter))
    .compile();
}

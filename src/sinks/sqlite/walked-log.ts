import type Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';
import { asDamage, DamageError, type CheckedRow } from './damage.ts';
import type { BatchesTable, RecordsTable, RedactionsTable } from './tables.ts';

/** Rows of one statement: short, so that the WAL can be used anew behind a walk of hours. */
const rowsAtOnce = 256;

/** The log as a check reads it: in short statements, each on what is there by then. */
export class WalkedLog {
  /** When the walk begins. */
  readonly head: Position;
  readonly #first: Database.Statement<[], Position | null>;
  readonly #rows: Database.Statement<[number, number, number], RecordsTable>;
  readonly #batches: Database.Statement<[number, number], BatchesTable>;
  readonly #redactions: Database.Statement<[number, number], RedactionsTable> | null;
  readonly #kept: Database.Statement<[number, number], CheckedRow> | null;
  readonly #chainBefore: Database.Statement<[number], Buffer>;

  constructor(db: Database.Database) {
    this.#first = db.prepare<[], Position | null>('SELECT min(position) FROM records').pluck();
    this.#rows = db.prepare('SELECT * FROM records WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?');
    this.#batches = db.prepare('SELECT * FROM batches WHERE last_position >= ? ORDER BY first_position LIMIT ?');
    // A log of an older schema, as a backup may be, has not all tables.
    const has = (table: string) => db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table) !== undefined;
    const redactions = 'SELECT * FROM redactions WHERE position BETWEEN ? AND ?';
    this.#redactions = has('redactions') ? db.prepare(redactions) : null;
    const kept = 'SELECT position, record, checksum FROM kept_records WHERE position >= ? ORDER BY position LIMIT ?';
    this.#kept = has('kept_records') ? db.prepare(kept) : null;
    this.#chainBefore = db.prepare<[number], Buffer>('SELECT chain FROM batches WHERE last_position = ?').pluck();
    // Of both, in one statement: beside a hub they grow together.
    const [record, batch] = db
      .prepare('SELECT ifnull(max(position), 0), (SELECT ifnull(max(last_position), 0) FROM batches) FROM records')
      .raw()
      .get() as [Position, Position];
    this.head = Math.max(record, batch);
  }

  /** The first position that is kept now; above all others when nothing is. */
  get first(): Position {
    return this.#first.get() ?? Infinity;
  }

  /** Throws unless what is missing from `next` until before `end` was removed by retention, which removes from below. */
  requireRemoved(next: Position, end: Position, reason: string): void {
    if (next < end && this.first < end) throw new DamageError(next, reason);
  }

  /** The batches from the one that `position` is in. */
  *batchesFrom(position: Position): Generator<BatchesTable, void, void> {
    for (let next = position; ;) {
      const batches = this.#batches.all(next, rowsAtOnce);
      yield* batches;
      const last = batches.at(-1);
      if (last === undefined) return;
      next = last.last_position + 1;
    }
  }

  /** The chain value that a batch follows; null when the batch before was removed. */
  chainBefore(batch: BatchesTable): Uint8Array | null {
    if (batch.first_position === 1) return new Uint8Array();
    return this.#chainBefore.get(batch.first_position - 1) ?? null;
  }

  /** What was redacted in the batch. To be asked after its rows were read: those of then may have been blanked by now. */
  redactions(batch: BatchesTable): readonly RedactionsTable[] {
    return this.#redactions?.all(batch.first_position, batch.last_position) ?? [];
  }

  /** What was put aside for mails, some of it at a time. */
  *kept(): Generator<CheckedRow, void, void> {
    for (let next = 0; ;) {
      const rows = this.#kept?.all(next, rowsAtOnce) ?? [];
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined) return;
      next = last.position + 1;
    }
  }

  /** The next rows of a range, some of them. What SQLite cannot read is damage of the record that follows the last one. */
  *rows(from: Position, to: Position): Generator<RecordsTable, void, void> {
    let next = from;
    try {
      for (const row of this.#rows.iterate(from, to, rowsAtOnce)) {
        yield row;
        next = row.position + 1;
      }
    } catch (error) {
      throw asDamage(error, next);
    }
  }
}

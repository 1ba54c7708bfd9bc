import type Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';
import { readIdIndexRow } from './id-index-row.ts';

/** Ids in one half before the halves change places. */
const mostNear = 524_288;

/** Ids on their way from the memory into the large table. One half of a small table fills while the other is brought over, both
 *  in the order of their keys, so that a page of the large table takes some dozens at once: brought there from the memory
 *  it would take two, and beside ten million events more than nine of ten bytes that are written would be such pages. (Levels of
 *  this kind are those of O'Neil et al., "The Log-Structured Merge-Tree", 1996.) */
export class NearIds {
  readonly #most: number;
  readonly #insert: Database.Statement<[number, number, Position]>;
  readonly #keyAt: Database.Statement<[number, number], number>;
  readonly #copy: Database.Statement<[number, number]>;
  readonly #drop: Database.Statement<[number, number]>;
  readonly #keepHalf: Database.Statement<[number]>;
  /** The half that fills. */
  #half: number;
  #count: number;
  #isMoving: boolean;

  constructor(db: Database.Database, most = mostNear) {
    this.#most = most;
    this.#insert = db.prepare('INSERT OR IGNORE INTO near_ids (half, key, position) VALUES (?, ?, ?)');
    this.#keyAt = db
      .prepare<[number, number], number>('SELECT key FROM near_ids WHERE half = ? ORDER BY key LIMIT 1 OFFSET ?')
      .pluck();
    this.#copy = db.prepare('INSERT OR IGNORE INTO ids SELECT key, position FROM near_ids WHERE half = ? AND key <= ?');
    this.#drop = db.prepare('DELETE FROM near_ids WHERE half = ? AND key <= ?');
    this.#keepHalf = db.prepare('UPDATE id_index SET half = ?');
    const { half } = readIdIndexRow(db);
    this.#half = half;
    this.#count = db.prepare<[number], number>('SELECT count(*) FROM near_ids WHERE half = ?').pluck().get(half) ?? 0;
    this.#isMoving = this.#keyAt.get(1 - half, 0) !== undefined;
  }

  /** Within a transaction, as `move`. */
  add(key: number, position: Position): void {
    this.#insert.run(this.#half, key, position);
    this.#count += 1;
  }

  /** Brings about so many into the large table, if there are so many to be brought. */
  move(most: number): void {
    if (!this.#isMoving) {
      if (this.#count < this.#most) return;
      this.#half = 1 - this.#half;
      this.#keepHalf.run(this.#half);
      this.#count = 0;
    }
    const moving = 1 - this.#half;
    const last = this.#keyAt.get(moving, most - 1);
    this.#copy.run(moving, last ?? Number.MAX_SAFE_INTEGER);
    this.#drop.run(moving, last ?? Number.MAX_SAFE_INTEGER);
    this.#isMoving = last !== undefined;
  }
}

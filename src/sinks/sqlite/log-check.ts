import type Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';
import { asDamage, type DamageError } from './damage.ts';
import { checkFile } from './file-check.ts';
import { openForReading } from './log-file.ts';
import { walkLog } from './log-walk.ts';

/** Work between two answers. */
const stepMs = 50;

/** Opens the log of a data directory to be checked from its beginning to its end, beside a hub or without one. */
export function openCheck(dataDir: string): LogCheck {
  return new LogCheck(openForReading(dataDir));
}

/** A check of the whole log, in steps. */
export class LogCheck {
  readonly epoch: string;
  /** When the check begins, as `head` and `records`. */
  readonly first: Position;
  readonly head: Position;
  readonly records: number;
  readonly #db: Database.Database;
  readonly #walk: Generator<Position, void, void>;
  #position: Position = 0;

  constructor(db: Database.Database) {
    this.#db = db;
    const [epoch, first, head, records] = db
      .prepare(
        `SELECT (SELECT epoch FROM log), (SELECT ifnull(min(position), 1) FROM records),
           (SELECT ifnull(max(position), 0) FROM records), (SELECT count(*) FROM records)`,
      )
      .raw()
      .get() as [string, number, number, number];
    [this.epoch, this.first, this.head, this.records] = [epoch, first, head, records];
    this.#walk = walkLog(db);
  }

  /** How far the check has come. */
  get position(): Position {
    return this.#position;
  }

  /** Goes on for a moment. The last step, of the file itself, takes as long as it takes. */
  next(): { readonly isDone: boolean; readonly damage: DamageError | null } {
    const deadline = performance.now() + stepMs;
    try {
      while (performance.now() < deadline) {
        const step = this.#walk.next();
        if (step.done === true) {
          checkFile(this.#db, 'integrity_check');
          return { isDone: true, damage: null };
        }
        this.#position = step.value;
      }
      return { isDone: false, damage: null };
    } catch (error) {
      return { isDone: true, damage: asDamage(error, null) };
    }
  }

  close(): void {
    this.#db.close();
  }
}

import type Database from 'better-sqlite3';
import fs from 'node:fs';
import type { Position } from '../../pipeline/event.ts';
import { asForeignOrDamage, type DamageError } from './damage.ts';
import { checkFile } from './file-check.ts';
import { firstPosition, headPosition } from './log-ends.ts';
import { logFileOf, openForReading } from './log-file.ts';
import { walkAll } from './log-walk.ts';
import { settleRestore } from './restored-file.ts';
import { knownSchemaOf } from './schema.ts';

/** Work between two answers. */
const stepMs = 50;

/** Opens the log of a data directory to be checked from its beginning to its end, beside a hub or without one. Throws a
 *  {@link DamageError} when it cannot even be opened as a log, and another error when there is none. */
export function openCheck(dataDir: string): LogCheck {
  settleRestore(dataDir);
  if (!fs.existsSync(logFileOf(dataDir))) {
    throw new Error(`there is no log in ${dataDir}; name its data directory with --data-dir`);
  }
  let db: Database.Database | null = null;
  try {
    db = openForReading(dataDir);
    knownSchemaOf(db);
    return new LogCheck(db);
  } catch (error) {
    db?.close();
    throw asForeignOrDamage(error);
  }
}

/** A check of the whole log, in steps. */
export class LogCheck {
  readonly epoch: string;
  /** When the check begins, as `head`; one after it when retention has removed all records. */
  readonly first: Position;
  readonly head: Position;
  readonly #db: Database.Database;
  readonly #walk: Generator<Position, void, void>;
  #position: Position = 0;

  constructor(db: Database.Database) {
    this.#db = db;
    this.epoch = db.prepare('SELECT epoch FROM log').pluck().get() as string;
    [this.first, this.head] = db.transaction(() => [firstPosition(db), headPosition(db)] as const)();
    this.#walk = walkAll(db);
  }

  /** How many there are in between. */
  get records(): number {
    return this.head - this.first + 1;
  }

  /** How far the check has come. */
  get position(): Position {
    return this.#position;
  }

  /** Checks in turns, so that others have theirs in between and `onStep` can tell how far it has come or throw to end it.
   *  Resolves with the first damage there is, or null. */
  async run(onStep: () => void = () => undefined): Promise<DamageError | null> {
    for (;;) {
      const { isDone, damage } = this.next();
      if (isDone) return damage;
      onStep();
      await new Promise(setImmediate);
    }
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
        this.#position = Math.max(this.#position, step.value);
      }
      return { isDone: false, damage: null };
    } catch (error) {
      return { isDone: true, damage: asForeignOrDamage(error) };
    }
  }

  close(): void {
    this.#db.close();
  }
}

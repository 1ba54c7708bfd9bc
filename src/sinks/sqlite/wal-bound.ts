import type Database from 'better-sqlite3';
import { walBytesOf } from './wal-size.ts';

/** SQLite's own checkpoints begin at 8 MiB and wait for nobody; from this size on the readers are waited for. */
const boundBytes = 32 * 1024 * 1024;
/** Some times what a statement of a reader takes; appends wait meanwhile. */
const patienceMs = 1_000;

/** Keeps the WAL small while the log is read without a pause. SQLite begins the file anew only when all of it is copied
 *  into the database in a moment in which nobody reads from it, and with many readers that moment may never come. */
export class WalBound {
  readonly #db: Database.Database;
  #tryAt = boundBytes;
  #busy = 0;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  /** Attempts that were in vain. */
  get busy(): number {
    return this.#busy;
  }

  /** To be called between transactions. After an attempt in vain, while a backup reads for example, the next one is made at
   *  twice the size: waiting again and again would stop the appends. Never throws: what could not be copied is as safe in the WAL, and a disk that
   *  takes nothing more says so at the next commit. */
  keep(): void {
    const size = walBytesOf(this.#db.name);
    if (size < this.#tryAt) return;
    const isEmptied = this.#isEmptied();
    this.#tryAt = isEmptied ? boundBytes : size * 2;
    if (!isEmptied) this.#busy += 1;
  }

  #isEmptied(): boolean {
    try {
      return emptyWal(this.#db, patienceMs);
    } catch {
      return false;
    }
  }
}

/** Copies the whole WAL into the database, syncs that and cuts the WAL to nothing, waiting at most `patienceMs` for those who
 *  read from it. Readers that begin meanwhile read the database. Returns whether it is empty now; throws when the disk
 *  fails. */
export function emptyWal(db: Database.Database, patienceMs: number): boolean {
  const usualPatience = String(db.pragma('busy_timeout', { simple: true }));
  try {
    db.pragma(`busy_timeout = ${String(patienceMs)}`);
    const [result] = db.pragma('wal_checkpoint(TRUNCATE)') as readonly { readonly busy: number }[];
    return result?.busy === 0;
  } finally {
    db.pragma(`busy_timeout = ${usualPatience}`);
  }
}

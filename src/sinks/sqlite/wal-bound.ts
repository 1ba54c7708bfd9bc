import type Database from 'better-sqlite3';
import fs from 'node:fs';

/** SQLite's own checkpoints begin at 8 MiB and wait for nobody; from this size on the readers are waited for. */
const boundBytes = 32 * 1024 * 1024;
/** Some times what a statement of a reader takes; appends wait meanwhile. */
const patienceMs = 1_000;

/** Keeps the WAL small while the log is read without a pause. SQLite begins the file anew only when all of it is copied
 *  into the database in a moment in which nobody reads from it, and with many readers that moment may never come. */
export class WalBound {
  readonly #db: Database.Database;
  readonly #file: string;
  #tryAt = boundBytes;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#file = `${db.name}-wal`;
  }

  /** To be called between transactions. After an attempt in vain, while a backup reads for example, the next one is made at
   *  twice the size: waiting again and again would stop the appends. Never throws: what could not be copied is as safe in the WAL, and a disk that
   *  takes nothing more says so at the next commit. */
  keep(): void {
    const size = fs.statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
    if (size < this.#tryAt) return;
    this.#tryAt = this.#empty() ? boundBytes : size * 2;
  }

  /** Readers that begin while this waits for the others read the database and not the WAL. */
  #empty(): boolean {
    const usualPatience = String(this.#db.pragma('busy_timeout', { simple: true }));
    try {
      this.#db.pragma(`busy_timeout = ${String(patienceMs)}`);
      const [result] = this.#db.pragma('wal_checkpoint(TRUNCATE)') as readonly { readonly busy: number }[];
      return result?.busy === 0;
    } catch {
      return false;
    } finally {
      this.#db.pragma(`busy_timeout = ${usualPatience}`);
    }
  }
}

import type Database from 'better-sqlite3';
import { DamageError } from './damage.ts';

/** Throws a {@link DamageError} when SQLite finds the file's structure to be wrong; `integrity_check` looks at the indexes
 *  too, and takes longer. */
export function checkFile(db: Database.Database, check: 'quick_check' | 'integrity_check'): void {
  const found = db.pragma(`${check}(1)`, { simple: true });
  if (found !== 'ok') throw new DamageError(null, String(found));
}

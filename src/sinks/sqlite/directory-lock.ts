import Database from 'better-sqlite3';
import path from 'node:path';

/** Held for as long as the returned function has not been called, and let go by the system when the process ends in
 *  whatever way: it is a file lock on a database of its own. Throws when another hub holds it. */
export function lockDirectory(dataDir: string): () => void {
  const db = new Database(path.join(dataDir, 'hub.lock'), { timeout: 0 });
  try {
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      const message = `another hub is running on ${dataDir}; stop it, or give this one a data directory of its own`;
      throw new Error(message, { cause: error });
    }
    throw error;
  }
  return () => {
    db.close();
  };
}

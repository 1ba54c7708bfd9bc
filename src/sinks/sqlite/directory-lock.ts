import Database from 'better-sqlite3';
import fs from 'node:fs';
import path from 'node:path';

/** Held for as long as the returned function has not been called, and let go by the system when the process ends in
 *  whatever way: it is a file lock on a database of its own. Throws, naming the holder, when another hub holds it. */
export function lockDirectory(dataDir: string): () => void {
  const db = new Database(path.join(dataDir, 'hub.lock'), { timeout: 0 });
  // Beside the lock and not in it: to open and close a locked file by other means would let go of the lock.
  const pidFile = path.join(dataDir, 'hub.pid');
  try {
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    fs.writeFileSync(pidFile, `${String(process.pid)}\n`, { mode: 0o600 });
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      const message = `another hub${holderIn(pidFile)} is running on ${dataDir}; stop it, or give this one a data directory of its own`;
      throw new Error(message, { cause: error });
    }
    throw error;
  }
  return () => {
    fs.rmSync(pidFile, { force: true });
    db.close();
  };
}

/** For a message: nothing where the holder has not said yet who it is. */
function holderIn(pidFile: string): string {
  try {
    const pid = fs.readFileSync(pidFile, 'utf8').trim();
    return /^\d+$/.test(pid) ? ` (process ${pid})` : '';
  } catch {
    return '';
  }
}

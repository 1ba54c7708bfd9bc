import Database from 'better-sqlite3';
import fs from 'node:fs';
import path from 'node:path';
import { isDamage } from './damage.ts';
import { lockDirectory } from './directory-lock.ts';
import { fsync, renameDurably, removeCopy } from './durable-file.ts';
import { checkCopy, copyDatabase, type CopiedLog, type CopyProgress } from './log-copy.ts';
import { hasLog } from './log-file.ts';
import { finishRestore, restoredFile, restoringFile } from './restored-file.ts';
import { migrate, newEpoch } from './schema.ts';

export interface RestoreOptions {
  /** A backup. */
  readonly file: string;
  readonly dataDir: string;
  /** Whether a log that is there may be set aside. */
  readonly mayReplace: boolean;
  readonly onProgress: (progress: CopyProgress) => void;
}

export interface RestoredLog extends CopiedLog {
  /** Where the log is now that was there before; null when there was none. */
  readonly replaced: string | null;
}

/** Makes a backup the log of a data directory, under a new epoch: a cursor of the log that it was taken from is refused, since
 *  the same positions may hold other records by now. The backup is checked before; a log that was there is kept under another
 *  name. Rejects, with a message for people and the directory as it was, when a hub is running there or the backup is
 *  not whole. A process that is killed at any moment leaves the old log or the new one in place for the next start. */
export async function restoreLog({ file, dataDir, mayReplace, onProgress }: RestoreOptions): Promise<RestoredLog> {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const unlock = lockDirectory(dataDir);
  const partial = restoringFile(dataDir);
  try {
    // One that was killed.
    finishRestore(dataDir);
    if (!mayReplace && hasLog(dataDir)) {
      throw new Error(`there is a log in ${dataDir} already; --replace sets it aside, under another name`);
    }
    const copied = await prepare(file, partial, onProgress);
    const stamp = new Date().toISOString().replace(/[:.-]/g, '');
    // From here on it is done, even if this process is not there to see it.
    renameDurably(partial, restoredFile(dataDir, stamp));
    return { ...copied, replaced: finishRestore(dataDir) };
  } catch (error) {
    removeCopy(partial);
    throw error;
  } finally {
    unlock();
  }
}

/** A copy of the backup that is checked, of this program's schema, and of another epoch. */
async function prepare(file: string, copy: string, onProgress: (progress: CopyProgress) => void): Promise<CopiedLog> {
  const source = openBackup(file);
  try {
    await copyDatabase(source, copy, onProgress);
  } finally {
    source.close();
  }
  const checked = await checkCopy(copy, onProgress);
  const epoch = newEpoch();
  const db = new Database(copy);
  try {
    migrate(db);
    db.prepare('UPDATE log SET epoch = ?').run(epoch);
  } finally {
    db.close();
  }
  fsync(copy);
  return { ...checked, epoch };
}

function openBackup(file: string): Database.Database {
  if (!fs.existsSync(file)) throw new Error(`there is no file ${file}`);
  const db = new Database(file, { readonly: true, timeout: 5_000 });
  try {
    const tables = db.prepare("SELECT count(*) FROM sqlite_schema WHERE name IN ('records', 'batches', 'log')").pluck();
    if (tables.get() !== 3) throw new Error(`${path.basename(file)} is not a backup of a hub's log`);
    return db;
  } catch (error) {
    db.close();
    if (!isDamage(error)) throw error;
    const reason = (error as Error).message;
    throw new Error(`${path.basename(file)} is not a backup of a hub's log: ${reason}`, { cause: error });
  }
}

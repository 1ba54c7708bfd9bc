import Database from 'better-sqlite3';
import fs from 'node:fs';
import path from 'node:path';
import { fsync } from './durable-file.ts';
import { migrate } from './schema.ts';
import { refuseUnsafeSqlite } from './sqlite-version.ts';
import { emptyWal } from './wal-bound.ts';

export function logFileOf(dataDir: string): string {
  return path.join(dataDir, 'hub.db');
}

/** Whether there is one. An empty file is what a hub leaves that was killed in its first moment. */
export function hasLog(dataDir: string): boolean {
  return (fs.statSync(logFileOf(dataDir), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** For a lock that another program has on the file, in milliseconds. */
const lockTimeout = 5_000;
/** While the log cannot be written anyway: who asks meanwhile is to be answered soon. */
const reopenLockTimeout = 1_000;

/** Of the writer, in KiB. The ids that producers send are looked for all over the table of ids: with two million events a look
 *  into what is not in the cache costs as much as the insert. */
const writerCacheKib = 32 * 1024;

/** What the WAL is cut to when it begins anew after it has grown, in bytes. */
const walSizeLimit = 16 * 1024 * 1024;

/** Opens the log's file for the one writer, creating it if there is none: WAL, an fsync at every commit. */
export function openForWriting(dataDir: string): Database.Database {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = logFileOf(dataDir);
  // Created here and not by SQLite, for the file's mode; the WAL takes its mode from it.
  fs.closeSync(fs.openSync(file, 'a', 0o600));
  return opened(file, lockTimeout, (db) => {
    if (db.pragma('page_count', { simple: true }) === 0) {
      db.pragma('page_size = 8192');
      db.pragma('auto_vacuum = INCREMENTAL');
    }
    makeDurable(db);
    migrate(db);
    fsync(dataDir);
  });
}

/** Opens the file again after a failure, and brings what it holds to the disk anew where a failed fsync left that in
 *  doubt. Throws when the file is not there: it must never be made anew beneath a running hub. */
export function reopenForWriting(dataDir: string, isInDoubt: boolean): Database.Database {
  const file = logFileOf(dataDir);
  // By name and not by opening it: to close it would let go of the locks that readers in this process have on it.
  if (!fs.existsSync(file)) throw new Error(`${file} is gone; put it back, or restart the hub with a new log`);
  return opened(file, reopenLockTimeout, (db) => {
    makeDurable(db);
    if (isInDoubt) checkpointAll(db);
    // Written and synced, without a change: only now it is known to work again.
    db.exec('UPDATE log SET epoch = epoch');
    db.pragma(`busy_timeout = ${String(lockTimeout)}`);
  });
}

/** Opens the log's file for a reader beside the writer. */
export function openForReading(dataDir: string): Database.Database {
  const db = new Database(logFileOf(dataDir), { readonly: true, timeout: lockTimeout });
  db.pragma('query_only = ON');
  return db;
}

/** Which files the names stand for now. Changes when one is deleted or replaced, though a connection goes on with the old.
 *  Never throws. */
export function filesOf(dataDir: string): string {
  const file = logFileOf(dataDir);
  return ['', '-wal', '-shm']
    .map((ending) => {
      try {
        const { dev, ino } = fs.statSync(file + ending);
        return `${String(dev)}:${String(ino)}`;
      } catch {
        return 'none';
      }
    })
    .join(' ');
}

function opened(file: string, timeout: number, prepareFile: (db: Database.Database) => void): Database.Database {
  const db = new Database(file, { timeout });
  try {
    prepareFile(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function makeDurable(db: Database.Database): void {
  refuseUnsafeSqlite(db.prepare('SELECT sqlite_version()').pluck().get() as string);
  requirePragma(db, 'journal_mode', 'WAL', 'wal');
  // better-sqlite3 is built with NORMAL for WAL files, which loses acknowledged events when the power goes.
  requirePragma(db, 'synchronous', 'FULL', 2);
  db.pragma(`cache_size = -${String(writerCacheKib)}`);
  db.pragma(`journal_size_limit = ${String(walSizeLimit)}`);
  // What is deleted or overwritten does not stay behind in the file: who redacts an event relies on it.
  requirePragma(db, 'secure_delete', 'ON', 1);
}

/** Sets a pragma and reads it back. */
export function requirePragma(db: Database.Database, name: string, value: string, readBack: string | number): void {
  db.pragma(`${name} = ${value}`);
  const actual = db.pragma(name, { simple: true });
  if (actual !== readBack)
    throw new Error(`the log needs ${name}=${value}, but the database answers ${String(actual)}`);
}

/** Copies the whole WAL into the database and syncs that: after a failed fsync the system takes its pages for written,
 *  though they may not be, and no later fsync of the WAL would write them. */
function checkpointAll(db: Database.Database): void {
  if (!emptyWal(db, db.pragma('busy_timeout', { simple: true }) as number))
    throw new Error('the log is being read, and cannot be brought to the disk yet');
}

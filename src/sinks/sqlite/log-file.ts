import Database from 'better-sqlite3';
import fs from 'node:fs';
import path from 'node:path';
import { migrate } from './schema.ts';

const logFileName = 'hub.db';

/** Older versions can lose or damage commits when a checkpoint meets another connection's commit (the WAL-reset bug). */
const oldestSafeSqlite = [3, 51, 3] as const;

/** Opens the log's file for the one writer, creating it if there is none: WAL, an fsync at every commit. */
export function openForWriting(dataDir: string): Database.Database {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = path.join(dataDir, logFileName);
  // Created here and not by SQLite, for the file's mode; the WAL takes its mode from it.
  fs.closeSync(fs.openSync(file, 'a', 0o600));
  const db = new Database(file, { timeout: 5_000 });
  try {
    refuseUnsafeSqlite(db);
    if (db.pragma('page_count', { simple: true }) === 0) {
      db.pragma('page_size = 8192');
      db.pragma('auto_vacuum = INCREMENTAL');
    }
    requirePragma(db, 'journal_mode', 'WAL', 'wal');
    // better-sqlite3 is built with NORMAL for WAL files, which loses acknowledged events when the power goes.
    requirePragma(db, 'synchronous', 'FULL', 2);
    migrate(db);
    fsyncDirectory(dataDir);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens the log's file for a reader beside the writer. */
export function openForReading(dataDir: string): Database.Database {
  const db = new Database(path.join(dataDir, logFileName), { readonly: true, timeout: 5_000 });
  db.pragma('query_only = ON');
  return db;
}

function requirePragma(db: Database.Database, name: string, value: string, readBack: string | number): void {
  db.pragma(`${name} = ${value}`);
  const actual = db.pragma(name, { simple: true });
  if (actual !== readBack)
    throw new Error(`the log needs ${name}=${value}, but the database answers ${String(actual)}`);
}

function refuseUnsafeSqlite(db: Database.Database): void {
  const version = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  const parts = version.split('.').map(Number);
  const differing = oldestSafeSqlite.findIndex((part, index) => parts[index] !== part);
  if (differing >= 0 && (parts[differing] ?? 0) < (oldestSafeSqlite[differing] ?? 0)) {
    throw new Error(`SQLite ${version} can damage the log; ${oldestSafeSqlite.join('.')} or newer is needed`);
  }
}

/** Makes the names of new files as durable as their content. */
function fsyncDirectory(directory: string): void {
  const handle = fs.openSync(directory, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

import Database from 'better-sqlite3';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openForReading } from '../../src/sinks/sqlite/log-file.ts';
import { walkLog } from '../../src/sinks/sqlite/log-walk.ts';

/** Reads a database file, a copy of a log, by itself. */
export function inFile<T>(file: string, read: (db: Database.Database) => T): T {
  const db = new Database(file, { readonly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** Throws when a record or the chain of the log is not as it was written. */
export function walkWhole(dataDir: string): void {
  const db = openForReading(dataDir);
  try {
    for (const position of walkLog(db)) if (position < 0) throw new Error('a position is negative');
  } finally {
    db.close();
  }
}

/** The files beneath a directory that hold these bytes anywhere. */
export function filesHolding(directory: string, text: string): string[] {
  const files = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ name }) => name).filter((name) => readFileSync(join(directory, name)).includes(text));
}

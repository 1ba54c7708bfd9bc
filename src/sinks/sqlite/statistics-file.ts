import Database from 'better-sqlite3';
import fs from 'node:fs';
import path from 'node:path';
import { isDamage } from './damage.ts';
import type { Position } from '../../pipeline/event.ts';

const indexFileName = 'index.db';

/** Of the tables below. A file with another one is made anew. */
const schemaVersion = 2;

const schema = `
  -- Events of one slot of time, ten seconds. A slot has a row for each run of positions that its events came in: mostly one, and
  -- one more for each time that late ones came, so that a few of them do not make the whole log the place to look.
  CREATE TABLE slots (
    slot INTEGER NOT NULL,
    first_position INTEGER NOT NULL,
    last_position INTEGER NOT NULL,
    info INTEGER NOT NULL,
    warning INTEGER NOT NULL,
    error INTEGER NOT NULL,
    critical INTEGER NOT NULL,
    PRIMARY KEY (slot, first_position)
  ) STRICT, WITHOUT ROWID;
  -- Events by the value of a field, counted by the minute, the hour and the day (width, in minutes; slot, in widths), so that
  -- a long time is read from few rows.
  CREATE TABLE field_counts (
    field TEXT NOT NULL,
    width INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    value TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (field, width, slot, value)
  ) STRICT, WITHOUT ROWID;
  -- What is counted lies after forgotten, up to the checkpoint.
  CREATE TABLE projection (epoch TEXT NOT NULL, forgotten INTEGER NOT NULL, checkpoint INTEGER NOT NULL) STRICT;
`;

/** What the file must be the statistics of. */
export interface CountedLog {
  readonly epoch: string;
  readonly first: Position;
  readonly head: Position;
}

/** Opens the file of the statistics, whole and of this log: one that is missing, damaged, of another log, of another
 *  program, ahead of the log, or with another beginning (its events are gone, and cannot be taken out any more) is made
 *  anew and empty. */
export function openStatisticsFile(dataDir: string, log: CountedLog): Database.Database {
  const file = path.join(dataDir, indexFileName);
  try {
    const db = open(file);
    if (isUsable(db, log)) return db;
    db.close();
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  removeStatisticsFile(dataDir);
  const db = open(file);
  db.transaction(() => {
    db.exec(schema);
    const sql = 'INSERT INTO projection (epoch, forgotten, checkpoint) VALUES (?, ?, ?)';
    db.prepare(sql).run(log.epoch, log.first - 1, log.first - 1);
    db.pragma(`user_version = ${String(schemaVersion)}`);
  })();
  return db;
}

export function removeStatisticsFile(dataDir: string): void {
  for (const ending of ['', '-wal', '-shm']) fs.rmSync(path.join(dataDir, indexFileName + ending), { force: true });
}

function open(file: string): Database.Database {
  fs.closeSync(fs.openSync(file, 'a', 0o600));
  const db = new Database(file, { timeout: 5_000 });
  try {
    db.pragma('journal_mode = WAL');
    // Not OFF: that is a sync less every thousand pages, and for it a power loss could leave old and new pages side by
    // side, which no check finds. This way the file is always of one moment, and its checkpoint says of which.
    db.pragma('synchronous = NORMAL');
    db.pragma('temp_store = MEMORY');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function isUsable(db: Database.Database, { epoch, first, head }: CountedLog): boolean {
  if (db.pragma('user_version', { simple: true }) !== schemaVersion) return false;
  if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') return false;
  const row = db.prepare('SELECT epoch, forgotten, checkpoint FROM projection').get() as
    { epoch: string; forgotten: Position; checkpoint: Position } | undefined;
  return row?.epoch === epoch && row.forgotten === first - 1 && row.checkpoint <= head;
}

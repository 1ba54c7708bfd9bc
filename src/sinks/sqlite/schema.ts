import type Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { indexIds } from './id-index.ts';

/** Brings the file one version further, and is never changed once released. */
type Migration = (db: Database.Database) => void;

export const migrations: readonly Migration[] = [createLog, createRedactions, createKept, createIds, createNearIds];

/** Brings the log's file to the schema that this program knows, each step in one transaction, so that a kill at any moment
 *  leaves the old schema or the new one, with all records. Throws, with the file untouched, when a newer program
 *  has written it. */
export function migrate(db: Database.Database, steps = migrations): void {
  const version = knownSchemaOf(db, steps.length);
  steps.slice(version).forEach((step, index) => {
    db.transaction(() => {
      step(db);
      db.pragma(`user_version = ${String(version + index + 1)}`);
    }).immediate();
  });
}

/** The version of the file's schema. Throws when only a newer program knows it. */
export function knownSchemaOf(db: Database.Database, newest = migrations.length): number {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version <= newest) return version;
  throw new Error(
    `the log has schema ${String(version)}, this program knows up to ${String(newest)}; run the newer program`,
  );
}

export function newEpoch(): string {
  return randomBytes(12).toString('base64url');
}

function createLog(db: Database.Database): void {
  db.exec(`
    CREATE TABLE records (
      position INTEGER PRIMARY KEY,
      type TEXT NOT NULL,
      id TEXT,
      source TEXT,
      severity INTEGER,
      time INTEGER,
      received_at INTEGER NOT NULL,
      channel TEXT,
      key TEXT,
      given INTEGER NOT NULL,
      record TEXT NOT NULL,
      checksum INTEGER NOT NULL
    ) STRICT;
    -- The id stands first: the ones that the hub makes ascend, so that the index grows at its end.
    -- What is not an event has neither, and nulls are all different.
    CREATE UNIQUE INDEX records_id ON records (id, source);
    -- Decisions are few among many events.
    CREATE INDEX records_decision ON records (position) WHERE type <> 'event';
    CREATE TABLE batches (
      first_position INTEGER PRIMARY KEY,
      last_position INTEGER NOT NULL,
      chain BLOB NOT NULL
    ) STRICT;
    CREATE TABLE checkpoints (consumer TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;
    CREATE TABLE log (epoch TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;
  `);
  db.prepare('INSERT INTO log (epoch, created_at) VALUES (?, ?)').run(newEpoch(), Date.now());
}

function createRedactions(db: Database.Database): void {
  db.exec('CREATE TABLE redactions (position INTEGER PRIMARY KEY, checksum INTEGER NOT NULL) STRICT');
}

/** Records that retention has removed from the log and that mails not sent yet tell of. */
function createKept(db: Database.Database): void {
  db.exec(`
    CREATE TABLE kept_records (
      position INTEGER PRIMARY KEY,
      record TEXT NOT NULL,
      checksum INTEGER NOT NULL
    ) STRICT;
  `);
}

/** The index of ids had a page to write for almost each event, see `IdIndex`. */
function createIds(db: Database.Database): void {
  db.exec(`
    CREATE TABLE ids (
      key INTEGER NOT NULL,
      position INTEGER NOT NULL,
      PRIMARY KEY (key, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE id_index (seed BLOB NOT NULL, through INTEGER NOT NULL) STRICT;
    DROP INDEX records_id;
  `);
  db.prepare('INSERT INTO id_index (seed, through) VALUES (?, 0)').run(randomBytes(8));
  indexIds(db);
}

/** Into a large table of ids, those from the memory had a page to write for every second, see `NearIds`. */
function createNearIds(db: Database.Database): void {
  db.exec(`
    CREATE TABLE near_ids (
      half INTEGER NOT NULL,
      key INTEGER NOT NULL,
      position INTEGER NOT NULL,
      PRIMARY KEY (half, key, position)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE id_index ADD COLUMN half INTEGER NOT NULL DEFAULT 0;
  `);
}

import type Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';
import type { StoredRecord } from '../../pipeline/record.ts';
import type { RetentionLimits } from '../../pipeline/retention.ts';
import { checkRow, type CheckedRow } from './damage.ts';
import { giveBackPages } from './free-pages.ts';
import type { IdIndex } from './id-index.ts';
import { firstPosition, headPosition } from './log-ends.ts';

/** Free pages that stay in the file for what comes next: 1 MiB. */
const keptFreePages = 128;
/** After this a removal ends with the rows that it has come to: appends wait for it. */
const removalMs = 5;
/** Between two looks at the clock. */
const rowsAtOnce = 64;

/** Positions among which something is looked for. */
interface Range {
  readonly first: Position;
  /** At most so many are looked at at once. */
  readonly last: Position;
  readonly head: Position;
}

/** See `RemovableLog.findExpired`. Looks at no more than `most` rows and the index of the decisions. */
export function findExpired(db: Database.Database, limits: RetentionLimits, most: number): Position | null {
  return db.transaction(() => {
    const [first, head] = [firstPosition(db), headPosition(db)];
    if (first > head) return null;
    const range = { first, head, last: Math.min(head, first + most - 1) };
    const { receivedBefore, maxEvents, maxBytes } = limits;
    const through = Math.max(
      receivedBefore === null ? 0 : lastReceivedBefore(db, range, receivedBefore),
      maxEvents === null ? 0 : lastAboveCount(db, range, maxEvents),
      maxBytes === null ? 0 : lastAboveBytes(db, range, maxBytes),
    );
    return through === 0 ? null : through;
  })();
}

function lastReceivedBefore(db: Database.Database, { first, last }: Range, receivedBefore: number): Position {
  const sql = 'SELECT max(position) FROM records WHERE position BETWEEN ? AND ? AND received_at < ?';
  return (db.prepare(sql).pluck().get(first, last, receivedBefore) as Position | null) ?? 0;
}

function lastAboveCount(db: Database.Database, { first, last, head }: Range, maxEvents: number): Position {
  const records = head - first + 1;
  if (records <= maxEvents) return 0;
  const decisions = db.prepare("SELECT count(*) FROM records WHERE type <> 'event'").pluck().get() as number;
  const excess = records - decisions - maxEvents;
  if (excess <= 0) return 0;
  const sql = "SELECT position FROM records WHERE position BETWEEN ? AND ? AND type = 'event' LIMIT 1 OFFSET ?";
  const position = db
    .prepare(sql)
    .pluck()
    .get(first, last, excess - 1) as Position | undefined;
  return position ?? last;
}

/** As many as have that share of the bytes, if all are of the same size; the next look shows whether they were. */
function lastAboveBytes(db: Database.Database, { first, last, head }: Range, maxBytes: number): Position {
  const all = usedBytes(db);
  if (all <= maxBytes) return 0;
  const used = all - otherBytes(db);
  if (used <= maxBytes) return 0;
  return Math.min(last, first - 1 + Math.ceil(((used - maxBytes) / used) * (head - first + 1)));
}

/** See `RemovableLog.remove`. Of the batches those before the one that the last removed record belongs to go, too. That one
 *  stays: its chain value is what the next one follows from, and its last position is the head when no record is left. */
export function removeThrough(
  db: Database.Database,
  ids: IdIndex,
  through: Position,
  keep: readonly Position[],
): Position {
  const deadline = performance.now() + removalMs;
  return db
    .transaction(() => {
      if (keep.length > 0) db.prepare(putAside).run(through, JSON.stringify(keep));
      const remove = db.prepare('DELETE FROM records WHERE position <= ?');
      let removed = firstPosition(db) - 1;
      while (removed < through && performance.now() < deadline) {
        const last = Math.min(removed + rowsAtOnce, through);
        ids.forget(removed + 1, last);
        remove.run(last);
        removed = last;
      }
      db.prepare('DELETE FROM batches WHERE first_position <= ? AND last_position < ?').run(removed, removed);
      db.prepare('DELETE FROM redactions WHERE position <= ?').run(removed);
      return removed;
    })
    .immediate();
}

const putAside = `
  INSERT OR IGNORE INTO kept_records SELECT position, record, checksum FROM records
  WHERE position <= ? AND position IN (SELECT value FROM json_each(?))`;

/** Lets go of what was put aside but for these positions; returns how many there are left. */
export function keepOnly(db: Database.Database, positions: readonly Position[]): number {
  const drop = 'DELETE FROM kept_records WHERE position NOT IN (SELECT value FROM json_each(?))';
  db.prepare(drop).run(JSON.stringify(positions));
  return db.prepare('SELECT count(*) FROM kept_records').pluck().get() as number;
}

/** Those of the positions that were put aside, ascending. Throws when one is not what was written. */
export function readKept(db: Database.Database, positions: readonly Position[]): readonly StoredRecord[] {
  const rows = db
    .prepare<[string], CheckedRow>(
      `SELECT position, record, checksum FROM kept_records
       WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position`,
    )
    .all(JSON.stringify(positions));
  rows.forEach(checkRow);
  return rows.map(({ position, record }) => ({ position, json: record }));
}

/** Returns whether there is more to give back. */
export function giveBackSpace(db: Database.Database): boolean {
  const { given, left } = giveBackPages(db, keptFreePages);
  if (given === 0) return false;
  if (left > 0) return true;
  // The file itself becomes smaller when the WAL is copied into it, which a quiet log might never come to.
  db.pragma('wal_checkpoint(PASSIVE)');
  return false;
}

/** Of what stays however many records are removed: what is put aside for mails, and the consumers' checkpoints. */
function otherBytes(db: Database.Database): number {
  const bytesOf = db
    .prepare<[string], number>('SELECT total(pgsize) FROM dbstat WHERE name = ? AND aggregate = TRUE')
    .pluck();
  return ['kept_records', 'checkpoints'].reduce((sum, table) => sum + (bytesOf.get(table) ?? 0), 0);
}

function usedBytes(db: Database.Database): number {
  const [pages, free, size] = ['page_count', 'freelist_count', 'page_size'].map(
    (name) => db.pragma(name, { simple: true }) as number,
  );
  return ((pages ?? 0) - (free ?? 0)) * (size ?? 0);
}

import type Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';
import type { RetentionLimits } from '../../pipeline/retention.ts';

/** Free pages that stay in the file for what comes next: 1 MiB. */
const keptFreePages = 128;
/** Given back in one transaction: half a mebibyte. */
const pagesAtOnce = 64;

/** See `RemovableLog.findExpired`. Looks at no more than `most` rows and the counts that SQLite keeps. */
export function findExpired(db: Database.Database, limits: RetentionLimits, most: number): Position | null {
  return db.transaction(() => {
    const value = (sql: string, ...parameters: readonly unknown[]): number | null =>
      (db
        .prepare(sql)
        .pluck()
        .get(...parameters) as number | null | undefined) ?? null;
    const first = value('SELECT min(position) FROM records');
    const head = value('SELECT max(position) FROM records');
    if (first === null || head === null) return null;
    const last = Math.min(head, first + most - 1);
    const records = head - first + 1;
    const { receivedBefore, maxEvents, maxBytes } = limits;
    const found: (number | null)[] = [];
    if (receivedBefore !== null) {
      const sql = 'SELECT max(position) FROM records WHERE position BETWEEN ? AND ? AND received_at < ?';
      found.push(value(sql, first, last, receivedBefore));
    }
    if (maxEvents !== null && records > maxEvents) {
      const decisions = value("SELECT count(*) FROM records WHERE type <> 'event'") ?? 0;
      const excess = records - decisions - maxEvents;
      const sql = "SELECT position FROM records WHERE position BETWEEN ? AND ? AND type = 'event' LIMIT 1 OFFSET ?";
      if (excess > 0) found.push(value(sql, first, last, excess - 1) ?? last);
    }
    if (maxBytes !== null) {
      const used = usedBytes(db);
      if (used > maxBytes) found.push(Math.min(last, first - 1 + Math.ceil(((used - maxBytes) / used) * records)));
    }
    const furthest = Math.max(...found.map((position) => position ?? 0), 0);
    return furthest === 0 ? null : furthest;
  })();
}

/** Removes the records up to `through` and the batches before the one that it belongs to. That batch stays: its chain value
 *  is what the next one follows from, and its last position is the head when no record is left. */
export function removeThrough(db: Database.Database, through: Position): void {
  db.transaction(() => {
    db.prepare('DELETE FROM records WHERE position <= ?').run(through);
    db.prepare('DELETE FROM batches WHERE first_position <= ? AND last_position < ?').run(through, through);
  }).immediate();
}

/** Returns whether there is more to give back. */
export function giveBackSpace(db: Database.Database): boolean {
  const spare = () => (db.pragma('freelist_count', { simple: true }) as number) - keptFreePages;
  const before = spare();
  if (before <= 0) return false;
  // Not `pragma`: that would take the first step of the statement alone.
  db.exec(`PRAGMA incremental_vacuum(${String(Math.min(before, pagesAtOnce))})`);
  const after = spare();
  // A file from elsewhere may be without auto_vacuum.
  if (after > 0 && after < before) return true;
  // The file itself becomes smaller when the WAL is copied into it, which a quiet log might never come to.
  db.pragma('wal_checkpoint(PASSIVE)');
  return false;
}

function usedBytes(db: Database.Database): number {
  const [pages, free, size] = ['page_count', 'freelist_count', 'page_size'].map(
    (name) => db.pragma(name, { simple: true }) as number,
  );
  return ((pages ?? 0) - (free ?? 0)) * (size ?? 0);
}

import type Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';

// Not from the records alone: retention may have removed all of them, and the last batch stays. One statement each, since
// what is there may change between two.
const head = 'ifnull((SELECT last_position FROM batches ORDER BY first_position DESC LIMIT 1), 0)';
const first = `ifnull((SELECT min(position) FROM records), ${head} + 1)`;

/** The last position that was ever given, 0 if none was. */
export function headPosition(db: Database.Database): Position {
  return db.prepare(`SELECT ${head}`).pluck().get() as Position;
}

/** The first position that is there; the one after the head when none is. */
export function firstPosition(db: Database.Database): Position {
  return db.prepare(`SELECT ${first}`).pluck().get() as Position;
}

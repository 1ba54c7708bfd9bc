import type Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';
import { DamageError } from './damage.ts';
import { firstPosition, headPosition } from './log-ends.ts';
import { readIdIndexRow } from './id-index-row.ts';
import { idKeys } from './id-key.ts';
import { NearIds } from './near-ids.ts';
import { RecentIds } from './recent-ids.ts';

/** So many ids are kept in memory before they are brought into the tables, and about as many again while they are. */
const mostRecent = 65_536;
/** So many are brought over for each that comes, or those that come meanwhile would become too many. */
const movedPerAdded = 2;
/** So many at once, since a page that must be written may take several. */
const movedAtOnce = 256;
const checkedAtOnce = 4_096;
/** A few milliseconds, for which an append may have to wait. */
const readAtOnce = 2_048;

export interface IdIndexOptions {
  readonly recent?: number;
  readonly near?: number;
  readonly movedAtOnce?: number;
}

interface IdRow {
  readonly position: Position;
  readonly id: string;
  readonly source: string;
}

/** Tells where the event with an id and a source is. The ids that producers give come in no order, so that each would touch
 *  a page of its own of an index on the disk, to be written and synced with its event: five kilobytes for an event of half
 *  of one. So the newest are in memory, and go many at once, in their order, into a small table and from there into a large one;
 *  what a crash takes from the memory is read from the log again. The tables know all ids up to `through`, and may know
 *  newer ones. */
export class IdIndex {
  readonly #db: Database.Database;
  readonly #keyOf: (id: string, source: string) => number;
  readonly #select: Database.Statement<[number, number], Position>;
  readonly #delete: Database.Statement<[number, Position]>;
  readonly #deleteNear: Database.Statement<[number, Position]>;
  readonly #near: NearIds;
  readonly #most: Required<Omit<IdIndexOptions, 'near'>>;
  #recent = new RecentIds();
  /** Those that are being brought into the small table. */
  #moving: RecentIds | null = null;
  /** How many are to be brought over. */
  #owed = 0;
  #removedThrough: Position = 0;
  /** The last event whose id must be read from the log. */
  readonly #lastToRead: Position;
  #nextToRead: Position;

  constructor(db: Database.Database, options: IdIndexOptions = {}) {
    this.#db = db;
    this.#most = { recent: mostRecent, movedAtOnce, ...options };
    this.#near = new NearIds(db, options.near);
    this.#lastToRead = headPosition(db);
    const { seed, through } = readIdIndexRow(db);
    this.#nextToRead = through + 1;
    this.#keyOf = idKeys(seed);
    this.#select = db.prepare<[number, number], Position>(selectPositions).pluck();
    this.#delete = db.prepare('DELETE FROM ids WHERE key = ? AND position = ?');
    this.#deleteNear = db.prepare('DELETE FROM near_ids WHERE half IN (0, 1) AND key = ? AND position = ?');
  }

  /** Reads some of what the tables do not know yet, and returns whether there is more. The first use reads what is left. */
  readSome(): boolean {
    if (this.#nextToRead > this.#lastToRead) return false;
    const end = Math.min(this.#nextToRead + readAtOnce - 1, this.#lastToRead);
    for (const { position, id, source } of rowsWithId(this.#db, this.#nextToRead, end)) {
      this.#recent.add(this.#keyOf(id, source), position);
    }
    this.#nextToRead = end + 1;
    return end < this.#lastToRead;
  }

  readAll(): void {
    while (this.readSome());
  }

  keyOf(id: string, source: string): number {
    this.readAll();
    return this.#keyOf(id, source);
  }

  /** Where an event may be whose id and source have this key; whether it is must be looked up in the log. */
  candidates(key: number): readonly Position[] {
    const recent = this.#recent.at(key);
    const moving = this.#moving?.at(key) ?? [];
    const moved = this.#select.all(key, key);
    if (recent.length === 0 && moving.length === 0) return moved;
    return [...recent, ...moving, ...moved];
  }

  add(key: number, position: Position): void {
    this.#recent.add(key, position);
  }

  /** To be called within the transaction of each batch: brings some ids on their way, in the mean more than the `added` ones of
   *  the batch. */
  move(added: number): void {
    this.#owed += added * movedPerAdded;
    if (this.#owed < this.#most.movedAtOnce) return;
    this.#moveRecent(this.#owed);
    this.#near.move(this.#owed);
    this.#owed = 0;
  }
  /** Forgets the ids of the events from `first` to `last`, within the transaction that removes them from the log. All before
   *  them must be forgotten already. */
  forget(first: Position, last: Position): void {
    for (const { position, id, source } of rowsWithId(this.#db, first, last)) {
      const key = this.#keyOf(id, source);
      this.#delete.run(key, position);
      this.#deleteNear.run(key, position);
    }
    this.#removedThrough = last;
  }

  #moveRecent(most: number): void {
    if (this.#moving === null) {
      if (this.#recent.size < this.#most.recent) return;
      this.#moving = this.#recent;
      this.#recent = new RecentIds();
    }
    const isMore = this.#moving.take(most, (key, position) => {
      if (position > this.#removedThrough) this.#near.add(key, position);
    });
    if (isMore) return;
    this.#db.prepare('UPDATE id_index SET through = ?').run(this.#moving.through);
    this.#moving = null;
  }
}

const selectPositions = `
  SELECT position FROM near_ids WHERE half IN (0, 1) AND key = ? UNION ALL SELECT position FROM ids WHERE key = ?`;

/** Fills the large table, within the transaction that makes it. */
export function indexIds(db: Database.Database): void {
  const keyOf = idKeys(readIdIndexRow(db).seed);
  db.function('id_key', { deterministic: true }, (id, source) => keyOf(String(id), String(source)));
  db.exec(`
    INSERT INTO ids (key, position)
      SELECT id_key(id, source) AS key, position FROM records WHERE id IS NOT NULL ORDER BY key, position;
    UPDATE id_index SET through = ifnull((SELECT max(position) FROM records), 0);
  `);
}

/** Walks through the events that the tables must know, and yields how far it has come. Throws a {@link DamageError} at the
 *  first one that they do not lead to. A log that an older program has written may have one table or none. */
export function* walkIds(db: Database.Database): Generator<Position, void, void> {
  if (!hasTable(db, 'ids')) return;
  const { seed, through } = readIdIndexRow(db);
  const keyOf = idKeys(seed);
  const lookups = [
    'SELECT 1 FROM ids WHERE key = ? AND position = ?',
    ...(hasTable(db, 'near_ids') ? ['SELECT 1 FROM near_ids WHERE half IN (0, 1) AND key = ? AND position = ?'] : []),
  ].map((sql) => db.prepare<[number, Position]>(sql));
  const isThere = db.prepare<[Position], 1>('SELECT 1 FROM records WHERE position = ?').pluck();
  for (let next = firstPosition(db); next <= through; next += checkedAtOnce) {
    const end = Math.min(next + checkedAtOnce - 1, through);
    for (const { position, id, source } of rowsWithId(db, next, end)) {
      const key = keyOf(id, source);
      const isKnown = lookups.some((lookup) => lookup.get(key, position) !== undefined);
      // Retention may have come by in between.
      if (!isKnown && isThere.get(position) !== undefined) {
        throw new DamageError(position, 'the index of ids does not lead to it');
      }
    }
    yield end;
  }
}

function rowsWithId(db: Database.Database, first: Position, last: Position): readonly IdRow[] {
  const sql = 'SELECT position, id, source FROM records WHERE position BETWEEN ? AND ? AND id IS NOT NULL';
  return db.prepare<[Position, Position], IdRow>(sql).all(first, last);
}

function hasTable(db: Database.Database, name: string): boolean {
  return db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(name) !== undefined;
}

import type Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';
import { DamageError } from './damage.ts';
import { firstPosition, headPosition } from './log-ends.ts';
import { idKeys } from './id-key.ts';
import { RecentIds } from './recent-ids.ts';

/** So many ids are kept in memory before they are brought into the table, and about as many again while they are. */
const mostRecent = 32_768;
/** With each batch so many for each of its own are brought over, or those that come meanwhile would become too many. */
const movedPerAdded = 2;
const checkedAtOnce = 4_096;
/** A few milliseconds, for which an append may have to wait. */
const readAtOnce = 2_048;

interface IdRow {
  readonly position: Position;
  readonly id: string;
  readonly source: string;
}

/** Tells where the event with an id and a source is. The ids that producers give come in no order, so that each would touch
 *  a page of its own of an index on the disk, to be written and synced with its event: five kilobytes for an event of half
 *  of one. So the newest are in memory, and go into the table many at once, in its order; what a crash takes from the
 *  memory is read from the log again. The table knows all ids up to `through`, and may know newer ones. */
export class IdIndex {
  readonly #db: Database.Database;
  readonly #keyOf: (id: string, source: string) => number;
  readonly #select: Database.Statement<[number], Position>;
  readonly #insert: Database.Statement<[number, Position]>;
  readonly #delete: Database.Statement<[number, Position]>;
  readonly #mostRecent: number;
  #recent = new RecentIds();
  /** Those that are being brought into the table. */
  #moving: RecentIds | null = null;
  #removedThrough: Position = 0;
  /** The last event whose id must be read from the log. */
  readonly #lastToRead: Position;
  #nextToRead: Position;

  constructor(db: Database.Database, mostRecentIds = mostRecent) {
    this.#db = db;
    this.#mostRecent = mostRecentIds;
    this.#lastToRead = headPosition(db);
    this.#nextToRead = throughOf(db) + 1;
    this.#keyOf = idKeys(seedOf(db));
    this.#select = db.prepare<[number], Position>('SELECT position FROM ids WHERE key = ?').pluck();
    this.#insert = db.prepare('INSERT INTO ids (key, position) VALUES (?, ?) ON CONFLICT DO NOTHING');
    this.#delete = db.prepare('DELETE FROM ids WHERE key = ? AND position = ?');
  }

  /** Reads some of what the table does not know yet, and returns whether there is more. The first use reads what is left. */
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
    const moved = this.#select.all(key);
    if (recent.length === 0 && moving.length === 0) return moved;
    return [...recent, ...moving, ...moved];
  }

  add(key: number, position: Position): void {
    this.#recent.add(key, position);
  }

  /** To be called within the transaction of each batch: brings some ids into the table, more than the `added` ones of the
   *  batch. */
  move(added: number): void {
    if (this.#moving === null) {
      if (this.#recent.size < this.#mostRecent) return;
      this.#moving = this.#recent;
      this.#recent = new RecentIds();
    }
    const isMore = this.#moving.take(added * movedPerAdded, (key, position) => {
      if (position > this.#removedThrough) this.#insert.run(key, position);
    });
    if (isMore) return;
    this.#db.prepare('UPDATE id_index SET through = ?').run(this.#moving.through);
    this.#moving = null;
  }

  /** Forgets the ids of the events from `first` to `last`, within the transaction that removes them from the log. All before
   *  them must be forgotten already. */
  forget(first: Position, last: Position): void {
    for (const { position, id, source } of rowsWithId(this.#db, first, last)) {
      this.#delete.run(this.#keyOf(id, source), position);
    }
    this.#removedThrough = last;
  }
}

/** Fills the table, within the transaction that makes it. */
export function indexIds(db: Database.Database): void {
  const keyOf = idKeys(seedOf(db));
  db.function('id_key', { deterministic: true }, (id, source) => keyOf(String(id), String(source)));
  db.exec(`
    INSERT INTO ids (key, position)
      SELECT id_key(id, source) AS key, position FROM records WHERE id IS NOT NULL ORDER BY key, position;
    UPDATE id_index SET through = ifnull((SELECT max(position) FROM records), 0);
  `);
}

/** Walks through the events that the table must know, and yields how far it has come. Throws a {@link DamageError} at the
 *  first one that it does not lead to. A log that an older program has written has no table. */
export function* walkIds(db: Database.Database): Generator<Position, void, void> {
  if (!hasTable(db)) return;
  const keyOf = idKeys(seedOf(db));
  const known = db.prepare<[number, Position], 1>('SELECT 1 FROM ids WHERE key = ? AND position = ?').pluck();
  const isThere = db.prepare<[Position], 1>('SELECT 1 FROM records WHERE position = ?').pluck();
  const through = throughOf(db);
  for (let next = firstPosition(db); next <= through; next += checkedAtOnce) {
    const end = Math.min(next + checkedAtOnce - 1, through);
    for (const { position, id, source } of rowsWithId(db, next, end)) {
      const isKnown = known.get(keyOf(id, source), position) !== undefined;
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

function hasTable(db: Database.Database): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'id_index'").get() !== undefined;
}

function seedOf(db: Database.Database): Uint8Array {
  return onlyRow(db.prepare<[], Uint8Array>('SELECT seed FROM id_index').pluck().get());
}

function throughOf(db: Database.Database): Position {
  return onlyRow(db.prepare<[], Position>('SELECT through FROM id_index').pluck().get());
}

function onlyRow<T>(found: T | undefined): T {
  if (found === undefined) throw new DamageError(null, 'the row of the index of ids is missing');
  return found;
}

import type Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';
import { recordJson } from '../../pipeline/record.ts';
import { AppendError, inDoubt, isFull, notRecorded } from './append-error.ts';
import { BatchChain, recordChecksum } from './batch-chain.ts';
import { appendFieldCount, idConflict, type AppendField, type AppendFields } from './log-protocol.ts';
import { checkRow, type CheckedRow } from './damage.ts';
import { carryOut, eraseLeftovers } from './log-redaction.ts';
import { IdIndex } from './id-index.ts';
import { firstPosition, headPosition } from './log-ends.ts';
import { giveBackSpace, keepOnly, removeThrough } from './log-removal.ts';
import { requirePragma } from './log-file.ts';
import { isSameContent } from './same-content.ts';
import { prepare, sqlFor } from './statements.ts';
import { given } from './tables.ts';
import { WalBound } from './wal-bound.ts';

type KnownRow = CheckedRow & { readonly given: number };

/** The one connection that writes the log. After an {@link AppendError} it must be closed and a new one opened: only
 *  what is read back from the file tells where the log ends. */
export class LogWriter {
  readonly epoch: string;
  readonly first: Position;
  readonly lastReceivedAt: number;
  readonly #db: Database.Database;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #insert: Database.Statement;
  readonly #selectKnown: Database.Statement;
  readonly #saveCheckpoint: Database.Statement;
  readonly #loadCheckpoint: Database.Statement;
  readonly #chain: BatchChain;
  readonly #ids: IdIndex;
  readonly #wal: WalBound;
  #head: Position;

  /** Takes over the connection. */
  constructor(db: Database.Database, ids = new IdIndex(db)) {
    this.#db = db;
    this.#ids = ids;
    this.epoch = this.#value('SELECT epoch FROM log') as string;
    this.#head = headPosition(this.#db);
    this.first = firstPosition(this.#db);
    this.lastReceivedAt =
      (this.#value(`SELECT received_at FROM records WHERE position = ${String(this.#head)}`) as number | undefined) ??
      0;
    this.#chain = new BatchChain(this.#db);
    this.#wal = new WalBound(this.#db);
    this.#begin = this.#db.prepare('BEGIN IMMEDIATE');
    this.#commit = this.#db.prepare('COMMIT');
    this.#insert = prepare(this.#db, insertRecord);
    this.#selectKnown = prepare(this.#db, selectKnown);
    this.#saveCheckpoint = prepare(this.#db, saveCheckpoint);
    this.#loadCheckpoint = prepare(this.#db, loadCheckpoint);
  }

  get head(): Position {
    return this.#head;
  }

  /** How often the WAL could not be emptied because of those who read. */
  get checkpointsBusy(): number {
    return this.#wal.busy;
  }

  /** Reads some of the newest ids, and returns whether there are more. What is left is read when it is needed. */
  readSomeIds(): boolean {
    return this.#ids.readSome();
  }

  readAllIds(): void {
    this.#ids.readAll();
  }

  /** Commits the records of one batch, fsynced, and returns a verdict for each (see `WriterAnswer`). */
  append(fields: readonly AppendField[], receivedAt: number): Float64Array {
    this.#wal.keep();
    const verdicts = new Float64Array(fields.length / appendFieldCount);
    const checksums: number[] = [];
    let position = this.#head;
    try {
      this.#begin.run();
      for (let index = 0; index < verdicts.length; index += 1) {
        const record = fields.slice(index * appendFieldCount, (index + 1) * appendFieldCount) as AppendFields;
        const verdict = this.#insertRecord(record, receivedAt, position + 1, checksums);
        verdicts[index] = verdict;
        if (verdict > position) position = verdict;
      }
      if (position > this.#head) this.#chain.add(this.#head + 1, position, checksums);
      this.#ids.move(position - this.#head);
    } catch (error) {
      throw notRecorded(error);
    }
    try {
      this.#commit.run();
    } catch (error) {
      // A failed commit is unknown, not absent: it may be in the file, though not for certain on the disk.
      throw isFull(error) ? notRecorded(error) : new AppendError('in_doubt', inDoubt(error), error, verdicts);
    }
    this.#head = position;
    return verdicts;
  }

  saveCheckpoint(consumer: string, state: string): void {
    this.#saveCheckpoint.run(consumer, state, state);
  }

  /** See `eraseLeftovers` of log-redaction. */
  eraseLeftovers(): boolean {
    return eraseLeftovers(this.#db);
  }

  /** Copies what the WAL holds into the database, as far as readers let it, and syncs that. */
  checkpoint(): void {
    this.#db.pragma('wal_checkpoint(PASSIVE)');
  }

  loadCheckpoint(consumer: string): string | null {
    const row = this.#loadCheckpoint.get(consumer) as { state: string } | undefined;
    return row?.state ?? null;
  }

  /** See `removeThrough` of log-removal. */
  removeThrough(through: Position, keep: readonly Position[]): Position {
    return this.#unsynced(() => removeThrough(this.#db, this.#ids, through, keep));
  }

  keepOnly(positions: readonly Position[]): number {
    return this.#unsynced(() => keepOnly(this.#db, positions));
  }

  giveBackSpace(): boolean {
    return this.#unsynced(() => giveBackSpace(this.#db));
  }

  close(): void {
    this.#db.close();
  }

  /** Commits without an fsync, which appends would have to wait for; the next append's brings it to the disk. When the power
   *  goes before, something is still there that was to be removed, and that is all. */
  #unsynced<T>(change: () => T): T {
    this.#wal.keep();
    requirePragma(this.#db, 'synchronous', 'NORMAL', 1);
    try {
      return change();
    } finally {
      requirePragma(this.#db, 'synchronous', 'FULL', 2);
    }
  }

  #insertRecord(fields: AppendFields, receivedAt: number, position: Position, checksums: number[]): number {
    const [type, id, source, severity, time, channel, key, givenBits, body] = fields;
    const record = recordJson(position, body);
    if (id !== null && source !== null) {
      const idKey = this.#ids.keyOf(id, source);
      // One that the hub has made is new.
      const known = (givenBits & given.id) === 0 ? undefined : this.#find(idKey, id, source);
      if (known !== undefined) {
        checkRow(known);
        return isSameContent(known, { given: givenBits, record }) ? -known.position : idConflict;
      }
      this.#ids.add(idKey, position);
    }
    const checksum = recordChecksum(record);
    this.#insert.run(
      position,
      type ?? 'event',
      id,
      source,
      severity,
      time ?? receivedAt,
      receivedAt,
      channel,
      key ?? source,
      givenBits,
      record,
      checksum,
    );
    checksums.push(checksum);
    if (type === 'event.redacted') carryOut(this.#db, record);
    return position;
  }

  #find(idKey: number, id: string, source: string): KnownRow | undefined {
    for (const position of this.#ids.candidates(idKey)) {
      const known = this.#selectKnown.get(position, id, source) as KnownRow | undefined;
      if (known !== undefined) return known;
    }
    return undefined;
  }

  #value(sql: string): unknown {
    return this.#db.prepare(sql).pluck().get();
  }
}

// The values below only give the statements their shape; each run binds its own.
const insertRecord = sqlFor
  .insertInto('records')
  .values({
    position: 0,
    type: '',
    id: '',
    source: '',
    severity: 0,
    time: 0,
    received_at: 0,
    channel: '',
    key: '',
    given: 0,
    record: '',
    checksum: 0,
  })
  .compile();

const selectKnown = sqlFor
  .selectFrom('records')
  .select(['position', 'given', 'record', 'checksum'])
  .where('position', '=', 0)
  .where('id', '=', '')
  .where('source', '=', '')
  .compile();

const saveCheckpoint = sqlFor
  .insertInto('checkpoints')
  .values({ consumer: '', state: '' })
  .onConflict((conflict) => conflict.column('consumer').doUpdateSet({ state: '' }))
  .compile();

const loadCheckpoint = sqlFor.selectFrom('checkpoints').select('state').where('consumer', '=', '').compile();

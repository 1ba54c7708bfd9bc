import Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';
import { recordJson } from '../../pipeline/record.ts';
import { BatchChain, recordChecksum } from './batch-chain.ts';
import { appendFieldCount, idConflict, type AppendField, type AppendFields } from './log-protocol.ts';
import { checkRow, isDamage, type CheckedRow } from './damage.ts';
import { carryOut, eraseLeftovers } from './log-redaction.ts';
import { firstPosition, headPosition } from './log-ends.ts';
import { giveBackSpace, keepOnly, removeThrough } from './log-removal.ts';
import { requirePragma } from './log-file.ts';
import { isSameContent } from './same-content.ts';
import { prepare, sqlFor } from './statements.ts';
import { WalBound } from './wal-bound.ts';

/** A batch that was not recorded, or of which that is not known. */
export class AppendError extends Error {
  override readonly name = 'AppendError';
  readonly code: 'unavailable' | 'in_doubt' | 'storage_full';
  /** Of a batch in doubt: what holds for it if it was recorded after all. */
  readonly verdicts: Float64Array | null;

  constructor(code: AppendError['code'], message: string, cause: unknown, verdicts: Float64Array | null = null) {
    super(message, { cause });
    this.code = code;
    this.verdicts = verdicts;
  }
}

/** The one connection that writes the log. After an {@link AppendError} it must be closed and a new one opened: only
 *  what is read back from the file tells where the log ends. */
export class LogWriter {
  readonly epoch: string;
  readonly first: Position;
  readonly lastReceivedAt: number;
  readonly #db: Database.Database;
  readonly #insert: Database.Statement;
  readonly #selectById: Database.Statement;
  readonly #saveCheckpoint: Database.Statement;
  readonly #loadCheckpoint: Database.Statement;
  readonly #chain: BatchChain;
  readonly #wal: WalBound;
  #head: Position;

  /** Takes over the connection. */
  constructor(db: Database.Database) {
    this.#db = db;
    this.epoch = this.#value('SELECT epoch FROM log') as string;
    this.#head = headPosition(this.#db);
    this.first = firstPosition(this.#db);
    this.lastReceivedAt =
      (this.#value(`SELECT received_at FROM records WHERE position = ${String(this.#head)}`) as number | undefined) ??
      0;
    this.#chain = new BatchChain(this.#db);
    this.#wal = new WalBound(this.#db);
    this.#insert = prepare(this.#db, insertRecord);
    this.#selectById = prepare(this.#db, selectById);
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

  /** Commits the records of one batch, fsynced, and returns a verdict for each (see `WriterAnswer`). */
  append(fields: readonly AppendField[], receivedAt: number): Float64Array {
    this.#wal.keep();
    const verdicts = new Float64Array(fields.length / appendFieldCount);
    const checksums: number[] = [];
    let position = this.#head;
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      for (let index = 0; index < verdicts.length; index += 1) {
        const record = fields.slice(index * appendFieldCount, (index + 1) * appendFieldCount) as AppendFields;
        const verdict = this.#insertRecord(record, receivedAt, position + 1, checksums);
        verdicts[index] = verdict;
        if (verdict > position) position = verdict;
      }
      if (position > this.#head) this.#chain.add(this.#head + 1, position, checksums);
    } catch (error) {
      throw notRecorded(error);
    }
    try {
      this.#db.exec('COMMIT');
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
    return this.#unsynced(() => removeThrough(this.#db, through, keep));
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
    const checksum = recordChecksum(record);
    const { changes } = this.#insert.run(
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
    if (changes === 1) {
      checksums.push(checksum);
      if (type === 'event.redacted') carryOut(this.#db, record);
      return position;
    }
    const known = this.#selectById.get(id, source) as CheckedRow & { readonly given: number };
    checkRow(known);
    return isSameContent(known, { given: givenBits, record }) ? -known.position : idConflict;
  }

  #value(sql: string): unknown {
    return this.#db.prepare(sql).pluck().get();
  }
}

function notRecorded(error: unknown): unknown {
  if (isDamage(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (isFull(error)) return new AppendError('storage_full', `the disk is full (${reason}); free some space`, error);
  return new AppendError('unavailable', `the log could not be written: ${reason}`, error);
}

function inDoubt(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `the commit failed (${reason}), and whether the event was recorded is not known; send it again with the same id`;
}

/** Whether SQLite found no room for a write. */
export function isFull(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code === 'SQLITE_FULL';
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
  .onConflict((conflict) => conflict.columns(['id', 'source']).doNothing())
  .compile();

const selectById = sqlFor
  .selectFrom('records')
  .select(['position', 'given', 'record', 'checksum'])
  .where('id', '=', '')
  .where('source', '=', '')
  .compile();

const saveCheckpoint = sqlFor
  .insertInto('checkpoints')
  .values({ consumer: '', state: '' })
  .onConflict((conflict) => conflict.column('consumer').doUpdateSet({ state: '' }))
  .compile();

const loadCheckpoint = sqlFor.selectFrom('checkpoints').select('state').where('consumer', '=', '').compile();

import { severities, type Position } from '../../pipeline/event.ts';
import type { AppendItem, Appended, EventLog, ReadPage, ReadRequest } from '../../pipeline/event-log.ts';
import type { Outcome } from '../../pipeline/outcome.ts';
import { bodyOf, eventOf, recordJson, type LogRecord, type PendingEvent } from '../../pipeline/record.ts';
import { idConflict } from './log-protocol.ts';
import { ReaderPool } from './reader-pool.ts';
import { given } from './tables.ts';
import { WriterThread } from './writer-thread.ts';

export interface SqliteLogOptions {
  readonly dataDir: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** Threads that read history. */
  readonly readers?: number;
}

/** Opens the log of a data directory, creating it if there is none. Throws, with a message for people, when another hub
 *  holds it, a newer program has written it, or it cannot be opened. */
export async function openSqliteLog(options: SqliteLogOptions): Promise<EventLog> {
  const writer = await WriterThread.start(options.dataDir);
  return new SqliteLog(writer, new ReaderPool(options.dataDir, options.readers ?? 2), options.clock ?? Date.now);
}

/** The log in SQLite, seen from the thread of the sockets: the writer and the readers live in threads of their own. */
class SqliteLog implements EventLog {
  readonly epoch: string;
  readonly first: Position;
  readonly #writer: WriterThread;
  readonly #readers: ReaderPool;
  readonly #clock: () => number;
  #head: Position;
  #lastReceivedAt: number;

  constructor(writer: WriterThread, readers: ReaderPool, clock: () => number) {
    this.epoch = writer.opened.epoch;
    this.first = writer.opened.first;
    this.#head = writer.opened.head;
    this.#lastReceivedAt = writer.opened.lastReceivedAt;
    this.#writer = writer;
    this.#readers = readers;
    this.#clock = clock;
  }

  get head(): Position {
    return this.#head;
  }

  async append(items: readonly AppendItem[]): Promise<Appended> {
    // The clock may be set back; the log's order may not.
    this.#lastReceivedAt = Math.max(this.#lastReceivedAt, this.#clock());
    const prepared = prepareBatch(items, this.#lastReceivedAt);
    const answer = await this.#writer.append(prepared.fields);
    if (answer.kind === 'failed') return failed(items, answer.code, answer.error);
    const appended = appendedOf(prepared, answer.verdicts);
    this.#head = appended.records.at(-1)?.value.position ?? this.#head;
    return appended;
  }

  read(request: ReadRequest): Promise<ReadPage> {
    return this.#readers.read(request);
  }

  async close(): Promise<void> {
    await this.#readers.close();
    await this.#writer.close();
  }
}

interface PreparedBatch {
  readonly items: readonly AppendItem[];
  readonly values: readonly PendingEvent[];
  readonly bodies: readonly string[];
  /** See `AppendFields`. */
  readonly fields: readonly (string | number)[];
}

function prepareBatch(items: readonly AppendItem[], receivedAt: number): PreparedBatch {
  const receivedAtText = new Date(receivedAt).toISOString();
  const values: PendingEvent[] = [];
  const bodies: string[] = [];
  const fields: (string | number)[] = [];
  for (const { draft, channel } of items) {
    const time = draft.time === null ? receivedAtText : new Date(draft.time).toISOString();
    const value = eventOf(draft, channel, time, receivedAtText);
    const body = bodyOf(value);
    values.push(value);
    bodies.push(body);
    const givenBits = (draft.statusGiven ? given.status : 0) | (draft.time === null ? 0 : given.time);
    const severity = severities.indexOf(draft.severity);
    const at = draft.time ?? receivedAt;
    fields.push(draft.id, draft.source, severity, at, receivedAt, channel, draft.key, givenBits, body);
  }
  return { items, values, bodies, fields };
}

function appendedOf(batch: PreparedBatch, verdicts: Float64Array): Appended {
  const records: LogRecord[] = [];
  const outcomes = batch.items.map(({ draft }, index): Outcome => {
    const verdict = verdicts[index] ?? idConflict;
    if (verdict > 0) {
      const value = batch.values[index] as PendingEvent;
      value.position = verdict;
      const json = recordJson(verdict, batch.bodies[index] ?? '');
      records.push({ value, json, statusGiven: draft.statusGiven });
      return { kind: 'accepted', id: draft.id, position: verdict };
    }
    if (verdict < 0) return { kind: 'duplicate', id: draft.id, position: -verdict };
    return {
      kind: 'rejected',
      code: 'id_conflict',
      error: `id: must be new for this source, or come with the same content; ${JSON.stringify(draft.id)} is recorded with other content`,
      id: draft.id,
    };
  });
  return { outcomes, records };
}

function failed(
  items: readonly AppendItem[],
  code: 'unavailable' | 'in_doubt' | 'storage_full',
  error: string,
): Appended {
  const outcomes = items.map(({ draft }): Outcome => ({ kind: 'failed', code, error, id: draft.id }));
  return { outcomes, records: [] };
}

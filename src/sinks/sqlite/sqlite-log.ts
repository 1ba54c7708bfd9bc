import type { Position } from '../../pipeline/event.ts';
import type { AppendItem, Appended, EventLog, ReadPage, ReadRequest } from '../../pipeline/event-log.ts';
import type { RemovableLog, RetentionLimits } from '../../pipeline/retention.ts';
import type { CountRequest, EventCounter, Histogram } from '../../pipeline/statistics.ts';
import { appendedOf, failedAll, prepareBatch } from './prepared-batch.ts';
import { ReaderPool } from './reader-pool.ts';
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
export async function openSqliteLog(options: SqliteLogOptions): Promise<EventLog & EventCounter & RemovableLog> {
  const writer = await WriterThread.start(options.dataDir);
  return new SqliteLog(writer, new ReaderPool(options.dataDir, options.readers ?? 2), options.clock ?? Date.now);
}

/** The log in SQLite, seen from the thread of the sockets: the writer and the readers live in threads of their own. */
class SqliteLog implements EventLog, EventCounter, RemovableLog {
  readonly epoch: string;
  readonly #writer: WriterThread;
  readonly #readers: ReaderPool;
  readonly #clock: () => number;
  #first: Position;
  #head: Position;
  #lastReceivedAt: number;

  constructor(writer: WriterThread, readers: ReaderPool, clock: () => number) {
    this.epoch = writer.opened.epoch;
    this.#first = writer.opened.first;
    this.#head = writer.opened.head;
    this.#lastReceivedAt = writer.opened.lastReceivedAt;
    this.#writer = writer;
    this.#readers = readers;
    this.#clock = clock;
  }

  get first(): Position {
    return this.#first;
  }

  get head(): Position {
    return this.#head;
  }

  async append(items: readonly AppendItem[]): Promise<Appended> {
    // The clock may be set back; the log's order may not.
    this.#lastReceivedAt = Math.max(this.#lastReceivedAt, this.#clock());
    const prepared = prepareBatch(items, this.#lastReceivedAt);
    const answer = await this.#writer.append(prepared);
    if (answer.kind === 'failed') return failedAll(prepared, answer.code, answer.error);
    const appended = appendedOf(prepared, answer.verdicts);
    this.#head = appended.records.at(-1)?.value.position ?? this.#head;
    return appended;
  }

  read(request: ReadRequest): Promise<ReadPage> {
    return this.#readers.read(request);
  }

  count(request: CountRequest): Promise<Histogram> {
    return this.#readers.count(request);
  }

  saveCheckpoint(consumer: string, state: string): Promise<void> {
    return this.#writer.save(consumer, state);
  }

  loadCheckpoint(consumer: string): Promise<string | null> {
    return this.#writer.load(consumer);
  }

  findExpired(limits: RetentionLimits, most: number): Promise<Position | null> {
    return this.#readers.findExpired(limits, most);
  }

  async remove(through: Position): Promise<void> {
    this.#first = Math.max(this.#first, through + 1);
    await this.#writer.remove(through);
  }

  giveBackSpace(): Promise<boolean> {
    return this.#writer.giveBackSpace();
  }

  async close(): Promise<void> {
    await this.#readers.close();
    await this.#writer.close();
  }
}

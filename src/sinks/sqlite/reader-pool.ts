import { Worker } from 'node:worker_threads';
import { RefusedError } from '../../pipeline/codes.ts';
import type { ReadPage, ReadRequest } from '../../pipeline/event-log.ts';
import type { Position } from '../../pipeline/event.ts';
import type { StoredRecord } from '../../pipeline/record.ts';
import type { RetentionLimits } from '../../pipeline/retention.ts';
import type { CountRequest, Histogram } from '../../pipeline/statistics.ts';
import type { ReaderAnswer, ReaderMessage } from './log-protocol.ts';
import { threadFile } from './thread-file.ts';

interface Waiting {
  readonly message: ReaderMessage;
  readonly settle: (answer: ReaderAnswer) => void;
  readonly reject: (error: Error) => void;
}

interface Reader {
  readonly worker: Worker;
  /** What it is reading now; one at a time, so that a long search holds up one reader and not a queue. */
  current: Waiting | null;
  /** Down: the thread has failed. */
  state: 'starting' | 'up' | 'down';
}

/** Before a thread is started again that has failed: what it failed of (file descriptors, memory) may be short for a while. */
const restartMs = 500;

/** Reads of the log, spread over a few threads, first come, first served. The first thread is there from the beginning, each
 *  other one from when all before it were busy: an idle thread is ten megabytes of memory. */
export class ReaderPool {
  readonly #dataDir: string;
  readonly #size: number;
  readonly #onDamage: (reason: string) => void;
  readonly #readers: Reader[];
  readonly #waiting: Waiting[] = [];
  #closing: Promise<void> | null = null;

  /** `onDamage` is told of every record that was to be read and is not what was written. */
  constructor(dataDir: string, size: number, onDamage: (reason: string) => void) {
    this.#dataDir = dataDir;
    this.#size = size;
    this.#onDamage = onDamage;
    this.#readers = [this.#start()];
  }

  /** `first` is the log's first position when the page had been read. */
  async read(request: ReadRequest): Promise<{ readonly page: ReadPage; readonly first: Position }> {
    const answer = await this.#ask({ kind: 'read', request });
    if (answer.kind !== 'page') throw this.#unreadable(answer);
    const { positions, texts, through, isComplete, first } = answer;
    const records = positions.map((position, index) => ({ position, json: texts[index] ?? '' }));
    return { page: { records, through, isComplete }, first };
  }

  async count(request: CountRequest): Promise<Histogram> {
    const answer = await this.#ask({ kind: 'count', request });
    if (answer.kind !== 'counted') throw this.#unreadable(answer);
    return answer.histogram;
  }

  async findExpired(limits: RetentionLimits, most: number): Promise<Position | null> {
    const answer = await this.#ask({ kind: 'expired', limits, most });
    if (answer.kind !== 'expired') throw this.#unreadable(answer);
    return answer.through;
  }

  async readKept(positions: readonly Position[]): Promise<readonly StoredRecord[]> {
    const answer = await this.#ask({ kind: 'kept', positions });
    if (answer.kind !== 'kept') throw this.#unreadable(answer);
    return answer.records;
  }

  /** May be called again; reads from now on are rejected. */
  close(): Promise<void> {
    return (this.#closing ??= this.#end());
  }

  async #end(): Promise<void> {
    this.#rejectWaiting(new Error('the log is closed'));
    await Promise.all(
      this.#readers
        .filter(({ state }) => state !== 'down')
        .map(
          ({ worker }) =>
            new Promise((resolve) => {
              worker.once('exit', resolve);
              post(worker, { kind: 'close' });
            }),
        ),
    );
  }

  #ask(message: ReaderMessage): Promise<ReaderAnswer> {
    if (this.#closing !== null) return Promise.reject(new Error('the log is closed'));
    return new Promise((settle, reject) => {
      this.#waiting.push({ message, settle, reject });
      this.#dispatch();
    });
  }

  #start(): Reader {
    const reader: Reader = {
      worker: new Worker(threadFile('log-reader-thread'), { workerData: { dataDir: this.#dataDir } }),
      current: null,
      state: 'starting',
    };
    reader.worker.on('message', (answer: ReaderAnswer) => {
      reader.state = 'up';
      const waiting = reader.current;
      reader.current = null;
      waiting?.settle(answer);
      this.#dispatch();
    });
    reader.worker.on('error', (error) => {
      reader.current?.reject(error);
      reader.current = null;
      reader.state = 'down';
      if (this.#readers.every(({ state }) => state === 'down')) this.#rejectWaiting(error);
      setTimeout(() => {
        if (this.#closing !== null) return;
        this.#readers[this.#readers.indexOf(reader)] = this.#start();
        this.#dispatch();
      }, restartMs);
    });
    return reader;
  }

  #unreadable(answer: ReaderAnswer): Error {
    if (answer.kind !== 'damaged')
      return new Error(`the log could not be read: ${'error' in answer ? answer.error : answer.kind}`);
    this.#onDamage(answer.error);
    return new RefusedError('unavailable', `${answer.error}; see \`alert-hub verify\``);
  }

  #rejectWaiting(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  #dispatch(): void {
    for (const reader of this.#readers) {
      if (reader.state !== 'up' || reader.current !== null) continue;
      const next = this.#waiting.shift();
      if (next === undefined) return;
      reader.current = next;
      post(reader.worker, next.message);
    }
    const isShort = this.#waiting.length > 0 && this.#readers.every(({ current }) => current !== null);
    if (isShort && this.#readers.length < this.#size) this.#readers.push(this.#start());
  }
}

function post(worker: Worker, message: ReaderMessage): void {
  worker.postMessage(message);
}

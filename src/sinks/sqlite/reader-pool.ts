import { Worker } from 'node:worker_threads';
import type { ReadPage, ReadRequest } from '../../pipeline/event-log.ts';
import type { Position } from '../../pipeline/event.ts';
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
}

/** Reads of the log, spread over a few threads, first come, first served. */
export class ReaderPool {
  readonly #dataDir: string;
  readonly #readers: Reader[];
  readonly #waiting: Waiting[] = [];
  #closing: Promise<void> | null = null;

  constructor(dataDir: string, size: number) {
    this.#dataDir = dataDir;
    this.#readers = Array.from({ length: size }, () => this.#start());
  }

  async read(request: ReadRequest): Promise<ReadPage> {
    const answer = await this.#ask({ kind: 'read', request });
    if (answer.kind !== 'page') throw unreadable(answer);
    const { positions, texts, through, isComplete } = answer;
    const records = positions.map((position, index) => ({ position, json: texts[index] ?? '' }));
    return { records, through, isComplete };
  }

  async count(request: CountRequest): Promise<Histogram> {
    const answer = await this.#ask({ kind: 'count', request });
    if (answer.kind !== 'counted') throw unreadable(answer);
    return answer.histogram;
  }

  async findExpired(limits: RetentionLimits, most: number): Promise<Position | null> {
    const answer = await this.#ask({ kind: 'expired', limits, most });
    if (answer.kind !== 'expired') throw unreadable(answer);
    return answer.through;
  }

  /** May be called again; reads from now on are rejected. */
  close(): Promise<void> {
    return (this.#closing ??= this.#end());
  }

  async #end(): Promise<void> {
    this.#waiting.splice(0).forEach((waiting) => {
      waiting.reject(new Error('the log is closed'));
    });
    await Promise.all(
      this.#readers.map(
        (reader) =>
          new Promise((resolve) => {
            reader.worker.once('exit', resolve);
            post(reader.worker, { kind: 'close' });
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
    };
    reader.worker.on('message', (answer: ReaderAnswer) => {
      const waiting = reader.current;
      reader.current = null;
      waiting?.settle(answer);
      this.#dispatch();
    });
    reader.worker.on('error', (error) => {
      reader.current?.reject(error);
      reader.current = null;
      if (this.#closing === null) this.#readers[this.#readers.indexOf(reader)] = this.#start();
      this.#dispatch();
    });
    return reader;
  }

  #dispatch(): void {
    for (const reader of this.#readers) {
      if (reader.current !== null) continue;
      const next = this.#waiting.shift();
      if (next === undefined) return;
      reader.current = next;
      post(reader.worker, next.message);
    }
  }
}

function post(worker: Worker, message: ReaderMessage): void {
  worker.postMessage(message);
}

function unreadable(answer: ReaderAnswer): Error {
  return new Error(`the log could not be read: ${answer.kind === 'not_read' ? answer.error : answer.kind}`);
}

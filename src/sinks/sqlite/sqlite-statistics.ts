import { Worker } from 'node:worker_threads';
import { RefusedError } from '../../pipeline/codes.ts';
import type { Position } from '../../pipeline/event.ts';
import type { CountedStretch, PositionRange, StatisticsIndex, Summary } from '../../pipeline/statistics.ts';
import type { BucketRange } from '../../pipeline/time-buckets.ts';
import type { StatisticsAnswer, StatisticsMessage, StatisticsRequest } from './statistics-protocol.ts';
import { threadFile } from './thread-file.ts';

export interface SqliteStatisticsOptions {
  readonly dataDir: string;
  /** Of the log in that directory, which must be open. */
  readonly epoch: string;
}

/** Opens the statistics of a data directory, `index.db`, in a thread of their own, which begins at once to count what the
 *  log has that they lack. */
export function openSqliteStatistics(options: SqliteStatisticsOptions): StatisticsIndex {
  return new SqliteStatistics(options);
}

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

class SqliteStatistics implements StatisticsIndex {
  readonly #options: SqliteStatisticsOptions;
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;
  #worker: Worker | null;
  #isClosed = false;

  constructor(options: SqliteStatisticsOptions) {
    this.#options = options;
    this.#worker = this.#start();
  }

  async add(stretch: CountedStretch): Promise<void> {
    await this.#ask({ kind: 'add', stretch });
  }

  summary(through: Position, since: number, now: number): Promise<Summary> {
    return this.#ask({ kind: 'summary', through, since, now }) as Promise<Summary>;
  }

  histogram(through: Position, range: BucketRange): Promise<readonly number[] | null> {
    return this.#ask({ kind: 'histogram', through, range }) as Promise<readonly number[] | null>;
  }

  positions(through: Position, from: number, to: number): Promise<readonly PositionRange[]> {
    return this.#ask({ kind: 'positions', through, from, to }) as Promise<readonly PositionRange[]>;
  }

  async forget(through: Position): Promise<void> {
    await this.#ask({ kind: 'forget', through });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    if (worker === null) return;
    await new Promise((resolve) => {
      worker.once('exit', resolve);
      worker.postMessage({ kind: 'close' } satisfies StatisticsMessage);
    });
  }

  #ask(request: StatisticsRequest): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new Error('the statistics are closed'));
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve, reject) => {
      const id = (this.#lastId += 1);
      this.#asked.set(id, { resolve, reject });
      worker.postMessage({ kind: 'ask', id, request } satisfies StatisticsMessage);
    });
  }

  #start(): Worker {
    const worker = new Worker(threadFile('statistics-thread'), { workerData: this.#options });
    worker.on('message', (answer: StatisticsAnswer) => {
      this.#settle(answer);
    });
    // The next question starts another one.
    worker.on('error', (error) => {
      this.#forget(worker, error);
    });
    worker.on('exit', () => {
      this.#forget(worker, new Error('the statistics are closed'));
    });
    return worker;
  }

  #settle(answer: StatisticsAnswer): void {
    const asked = this.#asked.get(answer.id);
    this.#asked.delete(answer.id);
    if (answer.kind === 'done') asked?.resolve(answer.value);
    else if (answer.kind === 'behind') asked?.reject(new RefusedError('unavailable', answer.reason));
    else asked?.reject(new Error(`the statistics could not be counted: ${answer.error}`));
  }

  #forget(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const asked of this.#asked.values()) asked.reject(error);
    this.#asked.clear();
  }
}

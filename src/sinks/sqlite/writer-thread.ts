import { Worker } from 'node:worker_threads';
import type { Position } from '../../pipeline/event.ts';
import type { AppendMessage, WriterAnswer, WriterMessage } from './log-protocol.ts';
import { threadFile } from './thread-file.ts';

type Opened = Extract<WriterAnswer, { kind: 'opened' }>;
export type AppendAnswer = Extract<WriterAnswer, { kind: 'appended' | 'failed' }>;

/** The writer, in its thread. Answers come in the order of the questions. */
export class WriterThread {
  readonly opened: Opened;
  readonly #worker: Worker;
  readonly #waiting: ((answer: WriterAnswer) => void)[] = [];
  /** Why the thread is gone, once it is. */
  #failure: string | null = null;

  private constructor(worker: Worker, opened: Opened) {
    this.#worker = worker;
    this.opened = opened;
    worker.on('message', (answer: WriterAnswer) => this.#waiting.shift()?.(answer));
    worker.on('error', (error) => {
      this.#fail(`the log's writer has failed: ${error.message}; restart the hub`);
    });
    worker.on('exit', () => {
      this.#fail('the log is closed');
    });
  }

  static start(dataDir: string): Promise<WriterThread> {
    const worker = new Worker(threadFile('log-writer-thread'), { workerData: { dataDir } });
    return new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (answer: WriterAnswer) => {
        worker.removeListener('error', reject);
        if (answer.kind === 'opened') {
          resolve(new WriterThread(worker, answer));
          return;
        }
        void worker.terminate();
        reject(new Error(answer.kind === 'not_opened' ? answer.error : `the log's writer answered ${answer.kind}`));
      });
    });
  }

  append({ receivedAt, fields }: Pick<AppendMessage, 'receivedAt' | 'fields'>): Promise<AppendAnswer> {
    return this.#ask({ kind: 'append', receivedAt, fields }) as Promise<AppendAnswer>;
  }

  async save(consumer: string, state: string): Promise<void> {
    const answer = await this.#ask({ kind: 'save', consumer, state });
    if (answer.kind !== 'saved') throw new Error(`the checkpoint of ${consumer} was not kept: ${reasonOf(answer)}`);
  }

  async load(consumer: string): Promise<string | null> {
    const answer = await this.#ask({ kind: 'load', consumer });
    if (answer.kind !== 'loaded') throw new Error(`the checkpoint of ${consumer} was not read: ${reasonOf(answer)}`);
    return answer.state;
  }

  async remove(through: Position): Promise<void> {
    const answer = await this.#ask({ kind: 'remove', through });
    if (answer.kind !== 'removed')
      throw new Error(`the log up to ${String(through)} was not removed: ${reasonOf(answer)}`);
  }

  /** Resolves with whether there is more. */
  async giveBackSpace(): Promise<boolean> {
    const answer = await this.#ask({ kind: 'give_back' });
    if (answer.kind !== 'gave_back') throw new Error(`free space was not given back: ${reasonOf(answer)}`);
    return answer.isMore;
  }

  async close(): Promise<void> {
    if (this.#failure !== null) return;
    await new Promise<void>((resolve) => {
      this.#worker.once('exit', () => {
        resolve();
      });
      void this.#ask({ kind: 'close' });
    });
  }

  #ask(message: WriterMessage): Promise<WriterAnswer> {
    if (this.#failure !== null) return Promise.resolve({ kind: 'failed', code: 'unavailable', error: this.#failure });
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#worker.postMessage(message);
    });
  }

  /** Whatever was under way may have been committed just before: in doubt. */
  #fail(reason: string): void {
    this.#failure ??= reason;
    for (const settle of this.#waiting.splice(0)) settle({ kind: 'failed', code: 'in_doubt', error: reason });
  }
}

function reasonOf(answer: WriterAnswer): string {
  return answer.kind === 'failed' ? answer.error : answer.kind;
}

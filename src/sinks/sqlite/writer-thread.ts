import { Worker } from 'node:worker_threads';
import type { AppendMessage, KnownLog, WriterAnswer, WriterMessage } from './log-protocol.ts';
import type { Position } from '../../pipeline/event.ts';
import { threadFile } from './thread-file.ts';

type Opened = Extract<WriterAnswer, { kind: 'opened' }>;
export type AppendAnswer = Extract<WriterAnswer, { kind: 'appended' | 'failed' | 'damaged' }>;
export type ProbeAnswer = Extract<WriterAnswer, { kind: 'probed' | 'failed' | 'damaged' }>;

/** The writer, in its thread. Answers come in the order of the questions. A thread that dies is followed by another at the
 *  next question: what it was asked is in doubt, and the new one goes on from what the file holds. */
export class WriterThread {
  readonly opened: Opened;
  readonly #dataDir: string;
  readonly #waiting: ((answer: WriterAnswer) => void)[] = [];
  #worker: Worker | null;
  #known: KnownLog;
  #closing: Promise<void> | null = null;

  /** Told of damage that the writer comes across, whatever it was asked. */
  onDamage: (reason: string) => void = () => undefined;

  private constructor(dataDir: string, worker: Worker, opened: Opened) {
    this.#dataDir = dataDir;
    this.opened = opened;
    this.#known = { epoch: opened.epoch, head: opened.head };
    this.#worker = this.#attach(worker);
  }

  static start(dataDir: string): Promise<WriterThread> {
    const worker = startThread(dataDir, null);
    return new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (answer: WriterAnswer) => {
        worker.removeListener('error', reject);
        if (answer.kind === 'opened') {
          resolve(new WriterThread(dataDir, worker, answer));
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

  /** Looks whether the log can be written, and opens it again where it could not be. */
  probe(): Promise<ProbeAnswer> {
    return this.#ask({ kind: 'probe' }) as Promise<ProbeAnswer>;
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

  async erase(): Promise<boolean> {
    const answer = await this.#ask({ kind: 'erase' });
    if (answer.kind !== 'erased') throw new Error(`the log's leftovers were not erased: ${reasonOf(answer)}`);
    return answer.isDone;
  }

  /** Resolves with how far it came. */
  async remove(through: Position, keep: readonly Position[]): Promise<Position> {
    const answer = await this.#ask({ kind: 'remove', through, keep });
    if (answer.kind === 'removed') return answer.through;
    throw new Error(`the log up to ${String(through)} was not removed: ${reasonOf(answer)}`);
  }

  /** Resolves with how many are left. */
  async keepOnly(positions: readonly Position[]): Promise<number> {
    const answer = await this.#ask({ kind: 'keep_only', positions });
    if (answer.kind !== 'kept') throw new Error(`what was put aside was not removed: ${reasonOf(answer)}`);
    return answer.count;
  }

  /** Resolves with whether there is more. */
  async giveBackSpace(): Promise<boolean> {
    const answer = await this.#ask({ kind: 'give_back' });
    if (answer.kind !== 'gave_back') throw new Error(`free space was not given back: ${reasonOf(answer)}`);
    return answer.isMore;
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#end());
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    await new Promise<void>((resolve) => {
      worker.once('exit', () => {
        resolve();
      });
      worker.postMessage({ kind: 'close' } satisfies WriterMessage);
    });
  }

  #ask(message: WriterMessage): Promise<WriterAnswer> {
    if (this.#closing !== null) {
      return Promise.resolve({ kind: 'failed', code: 'unavailable', error: 'the log is closed' });
    }
    const worker = (this.#worker ??= this.#attach(startThread(this.#dataDir, this.#known)));
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      worker.postMessage(message);
    });
  }

  #attach(worker: Worker): Worker {
    worker.on('message', (answer: WriterAnswer) => {
      if (answer.kind === 'appended') this.#known = { epoch: this.#known.epoch, head: answer.head };
      if (answer.kind === 'damaged') this.onDamage(answer.error);
      this.#waiting.shift()?.(answer);
    });
    worker.on('error', (error) => {
      this.#forget(worker, `the log's writer has failed: ${error.message}`);
    });
    worker.on('exit', () => {
      this.#forget(worker, this.#closing === null ? "the log's writer has ended" : 'the log is closed');
    });
    return worker;
  }

  /** Whatever was under way may have been committed just before: in doubt. */
  #forget(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const error = `${reason}; whether the event was recorded is not known; send it again with the same id`;
    for (const settle of this.#waiting.splice(0)) settle({ kind: 'failed', code: 'in_doubt', error });
  }
}

function startThread(dataDir: string, known: KnownLog | null): Worker {
  return new Worker(threadFile('log-writer-thread'), { workerData: { dataDir, known } });
}

function reasonOf(answer: WriterAnswer): string {
  return 'error' in answer ? answer.error : answer.kind;
}

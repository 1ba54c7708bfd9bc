import { Worker } from 'node:worker_threads';
import { threadFile } from './thread-file.ts';

/** Not in the first moments of a hub, which are for those who wait for it. */
const delayMs = 1_000;

/** Looks through the whole log in a thread of its own, at leisure, and tells of damage. */
export class BackgroundCheck {
  readonly #dataDir: string;
  readonly #onDamage: (reason: string) => void;
  #timer: NodeJS.Timeout | null = null;
  #worker: Worker | null = null;

  constructor(dataDir: string, onDamage: (reason: string) => void) {
    this.#dataDir = dataDir;
    this.#onDamage = onDamage;
  }

  /** Begins soon, unless one is under way. */
  start(): void {
    if (this.#worker !== null || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#run();
    }, delayMs).unref();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#worker?.terminate();
  }

  #run(): void {
    const worker = new Worker(threadFile('log-check-thread'), { workerData: { dataDir: this.#dataDir } });
    this.#worker = worker;
    worker.unref();
    worker.on('message', ({ damage }: { damage: string }) => {
      this.#onDamage(damage);
    });
    // A check that cannot be made is no damage: whoever reads or writes next says what is wrong.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      this.#worker = null;
    });
  }
}

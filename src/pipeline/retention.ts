import type { Position } from './event.ts';
import type { StatisticsIndex } from './statistics.ts';

/** What the log keeps at most; null is no limit. */
export interface RetentionLimits {
  /** Records that were received before it go; milliseconds since 1970. */
  readonly receivedBefore: number | null;
  readonly maxEvents: number | null;
  /** Of the log's file, without the space in it that is free. */
  readonly maxBytes: number | null;
}

/** A log whose beginning can be removed. */
export interface RemovableLog {
  readonly first: Position;
  /** The last position that has to go now, at most `most` positions from the first one; null when nothing has to. */
  findExpired(limits: RetentionLimits, most: number): Promise<Position | null>;
  /** Removes everything up to `through`, in one transaction. `first` is behind it from the call on, so that whoever has
   *  read across it meanwhile can tell. */
  remove(through: Position): Promise<void>;
  /** Gives a little of the file's free space back to the system; resolves with whether there is more. */
  giveBackSpace(): Promise<boolean>;
}

export interface RetentionSettings {
  readonly maxAge?: number | undefined;
  readonly maxEvents?: number | undefined;
  readonly maxBytes?: number | undefined;
}

export interface RetentionOptions {
  readonly settings: RetentionSettings;
  readonly log: RemovableLog;
  readonly index: Pick<StatisticsIndex, 'forget'>;
  /** The last position that every consumer has behind it for good: what follows stays, whatever the limits say. */
  readonly mayRemoveThrough: () => Position;
  readonly clock: () => number;
  readonly reportFailure: (error: unknown) => void;
}

/** Between two looks at the log. */
const everyMs = 1_000;
/** An append may have to wait for one step: this long, about. */
const stepMs = 10;
const firstStep = 512;
const leastStep = 64;
const largestStep = 8_192;

/** Removes what the limits say from the log's beginning, in steps so small that an append hardly waits, each followed by as
 *  long a rest. A log that grows faster than that is over its limits until it grows slower; nothing ever waits for it. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #step = firstStep;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  start(): void {
    const { maxAge, maxEvents, maxBytes } = this.#options.settings;
    if (maxAge === undefined && maxEvents === undefined && maxBytes === undefined) return;
    this.#running = this.#run();
  }

  /** Resolves when the step that was under way is over. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#pass();
      } catch (error) {
        this.#options.reportFailure(error);
      }
      await this.#rest(everyMs);
    }
  }

  async #pass(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted && (await this.#removeStep())) continue;
    while (!signal.aborted && (await this.#options.log.giveBackSpace())) await this.#rest(stepMs);
  }

  /** Resolves with whether something was removed. */
  async #removeStep(): Promise<boolean> {
    const { log, index, mayRemoveThrough, reportFailure } = this.#options;
    const expired = await log.findExpired(this.#limits(), this.#step);
    const through = Math.min(expired ?? 0, mayRemoveThrough());
    if (through < log.first) return false;
    // Before, as the counts of what goes are read from the log. If it fails they are made anew, and that is all.
    await index.forget(through).catch(reportFailure);
    const startedAt = performance.now();
    await log.remove(through);
    const tookMs = performance.now() - startedAt;
    this.#step = nextStep(this.#step, tookMs);
    await this.#rest(tookMs);
    return true;
  }

  #limits(): RetentionLimits {
    const { maxAge, maxEvents, maxBytes } = this.#options.settings;
    return {
      receivedBefore: maxAge === undefined ? null : this.#options.clock() - maxAge,
      maxEvents: maxEvents ?? null,
      maxBytes: maxBytes ?? null,
    };
  }

  #rest(ms: number): Promise<void> {
    const { signal } = this.#stop;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }
}

function nextStep(step: number, tookMs: number): number {
  if (tookMs > stepMs) return Math.max(leastStep, Math.floor(step / 2));
  return tookMs < stepMs / 2 ? Math.min(largestStep, step * 2) : step;
}

import type { Position } from './event.ts';
import type { StoredRecord } from './record.ts';
import { RecurringFailure } from './recurring-failure.ts';
import type { StatisticsIndex } from './statistics.ts';

/** What the log keeps at most; null is no limit. */
export interface RetentionLimits {
  /** Records that were received before it go; milliseconds since 1970. */
  readonly receivedBefore: number | null;
  readonly maxEvents: number | null;
  /** Of the log's file, without the space in it that is free and without what stays when records are removed. */
  readonly maxBytes: number | null;
}

/** A log whose beginning can be removed. */
export interface RemovableLog {
  readonly first: Position;
  /** The last position that has to go now, at most `most` positions from the first one that is there; null when nothing
   *  has to. */
  findExpired(limits: RetentionLimits, most: number): Promise<Position | null>;
  /** Removes records from the first one on, up to `through` at most and for some milliseconds, in one transaction, and puts
   *  those at the positions `keep` aside. Resolves with how far it came. */
  remove(through: Position, keep: readonly Position[]): Promise<Position>;
  /** Lets go of what was put aside but for these positions; resolves with how many there are left. */
  keepOnly(positions: readonly Position[]): Promise<number>;
  /** Those of the positions that were put aside, ascending. */
  readKept(positions: readonly Position[]): Promise<readonly StoredRecord[]>;
  /** Gives a little of the file's free space back to the system; resolves with whether there is more. */
  giveBackSpace(): Promise<boolean>;
}

export interface RetentionSettings {
  readonly maxAge?: number | undefined;
  readonly maxEvents?: number | undefined;
  readonly maxBytes?: number | undefined;
}

/** What alerting has left to do with the log's records. */
export interface Claims {
  /** It has these behind it for good, but for the `untold`; what follows stays, whatever the limits say. */
  readonly savedThrough: Position;
  /** Events that are still to be told of. Their records are put aside for that when they are removed. */
  readonly untold: Iterable<Position>;
}

export interface RetentionOptions {
  readonly settings: RetentionSettings;
  readonly log: RemovableLog;
  readonly index: Pick<StatisticsIndex, 'forget'>;
  readonly alerting: { readonly claims: Claims };
  /** What it has not published stays, whatever the limits say. */
  readonly broadcast: { readonly published: Position };
  readonly clock: () => number;
  readonly reportFailure: (error: unknown) => void;
}

/** Between two looks at the log. */
const everyMs = 1_000;
/** Of the writer, between two steps: as long as one takes, about. */
const restMs = 5;
/** Records that are taken out of the counts at once, and then removed in steps. */
const stretch = 8_192;

/** Removes what the limits say from the log's beginning, in steps so small that an append hardly waits, each followed by as
 *  long a rest. A log that grows faster than that is over its limits until it grows slower; nothing ever waits for it. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #stop = new AbortController();
  readonly #failure: RecurringFailure;
  #running: Promise<void> = Promise.resolve();
  /** The last position that is known to be removed. */
  #removed: Position;
  /** Whether something may be put aside. */
  #hasKept = true;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#failure = new RecurringFailure(options.reportFailure);
    this.#removed = options.log.first - 1;
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
        this.#failure.end();
      } catch (error) {
        this.#failure.report(error);
      }
      await this.#rest(everyMs);
    }
  }

  async #pass(): Promise<void> {
    const { signal } = this.#stop;
    const { log, alerting } = this.#options;
    while (!signal.aborted && (await this.#removeStretch())) continue;
    if (this.#hasKept) this.#hasKept = (await log.keepOnly([...alerting.claims.untold])) > 0;
    while (!signal.aborted && (await log.giveBackSpace())) await this.#rest(restMs);
  }

  /** Resolves with whether there may be more to remove now. */
  async #removeStretch(): Promise<boolean> {
    const { log, index, alerting, broadcast } = this.#options;
    const expired = await log.findExpired(this.#limits(), stretch);
    const through = Math.min(expired ?? 0, alerting.claims.savedThrough, broadcast.published);
    if (through <= this.#removed) return false;
    const isWhole = through - this.#removed >= stretch;
    // Before, as the counts of what goes are read from the log. If it fails they are made anew, and that is all.
    await index.forget(through).catch((error: unknown) => {
      this.#failure.report(error);
    });
    const keep = [...alerting.claims.untold].filter((position) => position > this.#removed && position <= through);
    this.#hasKept ||= keep.length > 0;
    // To its end, even when the hub stops: what is not counted must not be there at the next start.
    while (this.#removed < through) {
      this.#removed = await log.remove(through, keep);
      await this.#rest(restMs);
    }
    return isWhole;
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

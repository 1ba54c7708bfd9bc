import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';

export interface BatchLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
  /** So many items are a batch of their own that is handed on while one is still under way. */
  readonly aheadItems: number;
}

/** Runs `run` on batches of what arrived, in order, and emits each result in that order. The next batch forms while one
 *  is under way, so that batches grow with load by themselves, without a timer; from idle, a batch is what one turn of
 *  the event loop produced. Under load a second one is handed on before the first has ended, so that whoever works on
 *  them never waits for this thread; there are never more than two under way. Completes after the last batch. Unlike an
 *  operator that buffers, it finishes what it holds before it passes an error on. `run` must take its batches in the
 *  order of its calls and must not reject. How much may wait is the caller's bound. */
export function batchWhileBusy<Item extends { readonly bytes: number }, Result>(
  limits: BatchLimits,
  run: (batch: readonly Item[]) => Promise<Result>,
): OperatorFunction<Item, Result> {
  return (items$) =>
    new Observable<Result>((subscriber) => {
      const batches = new Batches(limits, run, subscriber);
      return items$.subscribe({
        next: (item) => {
          batches.add(item);
        },
        error: (error: unknown) => {
          batches.end(() => {
            subscriber.error(error);
          });
        },
        complete: () => {
          batches.end(() => {
            subscriber.complete();
          });
        },
      });
    });
}

class Batches<Item extends { readonly bytes: number }, Result> {
  readonly #limits: BatchLimits;
  readonly #run: (batch: readonly Item[]) => Promise<Result>;
  readonly #subscriber: Subscriber<Result>;
  #waiting: Item[] = [];
  #underWay = 0;
  #isScheduled = false;
  #lastEnded: Promise<void> = Promise.resolve();
  #end: (() => void) | null = null;

  constructor(limits: BatchLimits, run: (batch: readonly Item[]) => Promise<Result>, subscriber: Subscriber<Result>) {
    this.#limits = limits;
    this.#run = run;
    this.#subscriber = subscriber;
  }

  add(item: Item): void {
    this.#waiting.push(item);
    if (this.#isScheduled || !this.#mayRun()) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#runNext();
    });
  }

  /** No more items: ends after the last batch. */
  end(how: () => void): void {
    this.#end = how;
    if (this.#underWay === 0 && this.#waiting.length === 0) how();
  }

  #mayRun(): boolean {
    return this.#underWay === 0 || (this.#underWay === 1 && this.#waiting.length >= this.#limits.aheadItems);
  }

  #runNext(): void {
    this.#isScheduled = false;
    if (this.#waiting.length === 0) {
      if (this.#underWay === 0) this.#end?.();
      return;
    }
    if (!this.#mayRun()) return;
    this.#underWay += 1;
    const before = this.#lastEnded;
    this.#lastEnded = this.#run(this.#takeBatch()).then(async (result) => {
      await before;
      this.#underWay -= 1;
      this.#subscriber.next(result);
      this.#runNext();
    });
  }

  #takeBatch(): readonly Item[] {
    const waiting = this.#waiting;
    const size = batchSize(waiting, this.#limits);
    this.#waiting = size === waiting.length ? [] : waiting.slice(size);
    return size === waiting.length ? waiting : waiting.slice(0, size);
  }
}

function batchSize(waiting: readonly { readonly bytes: number }[], limits: BatchLimits): number {
  const most = Math.min(waiting.length, limits.maxItems);
  let bytes = 0;
  for (let size = 0; size < most; size += 1) {
    bytes += waiting[size]?.bytes ?? 0;
    if (bytes > limits.maxBytes && size > 0) return size;
  }
  return most;
}

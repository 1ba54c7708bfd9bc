import { Observable, type OperatorFunction } from 'rxjs';

export interface BatchLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
}

/** Runs `run` on batches of what arrived, one at a time and in order, and emits each result. The next batch forms while
 *  one is under way, so that batches grow with load by themselves, without a timer; from idle, a batch is what one turn of
 *  the event loop produced. Completes after the last batch. Unlike an operator that buffers, it finishes what it
 *  holds before it passes an error on. `run` must not reject. How much may wait is the caller's bound. */
export function batchWhileBusy<Item extends { readonly bytes: number }, Result>(
  limits: BatchLimits,
  run: (batch: readonly Item[]) => Promise<Result>,
): OperatorFunction<Item, Result> {
  return (items$) =>
    new Observable<Result>((subscriber) => {
      let waiting: Item[] = [];
      let isBusy = false;
      let isScheduled = false;
      let end: (() => void) | null = null;

      const finish = (how: () => void) => {
        end = how;
        if (!isBusy && waiting.length === 0) how();
      };
      const runNext = () => {
        isScheduled = false;
        if (isBusy) return;
        if (waiting.length === 0) {
          end?.();
          return;
        }
        const size = batchSize(waiting, limits);
        const batch = size === waiting.length ? waiting : waiting.slice(0, size);
        waiting = size === waiting.length ? [] : waiting.slice(size);
        isBusy = true;
        void run(batch).then((result) => {
          isBusy = false;
          subscriber.next(result);
          runNext();
        });
      };

      return items$.subscribe({
        next: (item) => {
          waiting.push(item);
          if (isBusy || isScheduled) return;
          isScheduled = true;
          setImmediate(runNext);
        },
        error: (error: unknown) => {
          finish(() => {
            subscriber.error(error);
          });
        },
        complete: () => {
          finish(() => {
            subscriber.complete();
          });
        },
      });
    });
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

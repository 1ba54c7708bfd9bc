import { Observable, type Subscriber } from 'rxjs';
import type { Source } from '../component.ts';
import type { Envelope } from '../envelope.ts';
import type { AppendItem } from '../event-log.ts';
import type { Outcome } from '../outcome.ts';

/** The input through which the hub's own records take the same way as everyone's: in order, in the same batches. It stays
 *  open while the hub stops, for what is still decided then, until it is ended. */
export class DecisionSource implements Source {
  readonly name = 'decisions';
  #subscriber: Subscriber<Envelope> | null = null;
  #isEnded = false;

  /** Whether nothing is taken any more. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  open(): Observable<Envelope> {
    return new Observable((subscriber) => {
      this.#subscriber = subscriber;
      return () => {
        this.#subscriber = null;
      };
    });
  }

  closed(): Promise<void> {
    return Promise.resolve();
  }

  /** Appends the items together. Resolves when they are in the log; rejects when they are not, or may not be. */
  readonly append = async (items: readonly AppendItem[]): Promise<void> => {
    // Not in the turn in which a sink asks: later sinks would see what follows before what led to it.
    await new Promise(setImmediate);
    const outcomes = await Promise.all(items.map((item) => this.#emit(item)));
    const failure = outcomes.find((outcome) => outcome.kind === 'failed' || outcome.kind === 'rejected');
    if (failure !== undefined && 'error' in failure) throw new Error(failure.error);
  };

  /** No more will come. */
  end(): void {
    this.#isEnded = true;
    this.#subscriber?.complete();
  }

  #emit(item: AppendItem): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      if (this.#subscriber === null) {
        reject(new Error('the hub is not running'));
        return;
      }
      this.#subscriber.next({ ...item, bytes: JSON.stringify(item).length, settle: resolve });
    });
  }
}

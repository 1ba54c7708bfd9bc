import type { SampleDraft } from '../drafts.ts';
import type { LoadResult, Tally } from './tally.ts';

type Frame =
  | { readonly type: 'hello' | 'caught_up' | 'checkpoint' | 'fell_behind' }
  | { readonly type: 'events'; readonly events: readonly DeliveredEvent[] };

interface DeliveredEvent {
  readonly position: number;
  readonly id: string;
  readonly message: string;
}

/** The way of each draft from one producer to one subscriber: when it was sent, and whether it came, unchanged and in its
 *  turn. The log must end at `after` before the first, 0 when it is empty, and have no other producer: then positions count what
 *  was sent. */
export class Delivery {
  /** Resolves when the subscriber gets live events. */
  readonly live: Promise<void>;
  /** Resolves when every draft was delivered. */
  readonly complete: Promise<void>;
  readonly #drafts: readonly SampleDraft[];
  readonly #tally: Tally;
  readonly #after: number;
  readonly #sentAt: number[] = [];
  #goLive: () => void = () => undefined;
  #finish: () => void = () => undefined;
  #count = 0;

  constructor(drafts: readonly SampleDraft[], tally: Tally, after = 0) {
    this.#drafts = drafts;
    this.#tally = tally;
    this.#after = after;
    this.live = new Promise((resolve) => (this.#goLive = resolve));
    this.complete = new Promise((resolve) => (this.#finish = resolve));
  }

  get total(): number {
    return this.#drafts.length;
  }

  get sent(): number {
    return this.#sentAt.length;
  }

  get count(): number {
    return this.#count;
  }

  /** The next draft, which goes out now. */
  send(): string {
    const draft = this.#drafts[this.sent];
    if (draft === undefined) throw new Error('every draft was sent already');
    this.#sentAt.push(performance.now());
    return draft.text;
  }

  /** Takes a frame; throws when it brings anything but what is next. */
  receive(text: string): void {
    const now = performance.now();
    const frame = JSON.parse(text) as Frame;
    if (frame.type === 'caught_up') this.#goLive();
    if (frame.type !== 'events') return;
    for (const event of frame.events) {
      this.#check(event);
      this.#tally.add(1, this.#sentAt[this.#count] ?? now, now);
      this.#count += 1;
    }
    if (this.#count === this.total) this.#finish();
  }

  result(): LoadResult {
    return this.#tally.result();
  }

  #check({ position, id, message }: DeliveredEvent): void {
    const draft = this.#drafts[this.#count];
    const isRight =
      draft !== undefined &&
      this.#count < this.sent &&
      position === this.#after + this.#count + 1 &&
      message === draft.message &&
      (draft.id === undefined || id === draft.id);
    if (isRight) return;
    const got = `position ${String(position)}, id ${id}`;
    throw new Error(`delivery ${String(this.#count + 1)}: expected ${draft?.text ?? 'nothing more'}; got ${got}`);
  }
}

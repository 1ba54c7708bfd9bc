import { effect, signal, untracked } from '@preact/signals';
import type { Subscription } from '../../src/client/subscription.ts';
import { RefusedError } from '../../src/pipeline/codes.ts';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { compileQuery, type Predicate } from '../../src/pipeline/query/evaluate.ts';
import { parseQuery } from '../../src/pipeline/query/parse.ts';
import type { Schedule } from './pace.ts';
import { ToastStack, type Toast } from './toast-stack.ts';

/** Follows `q` from now on. */
export type FollowTrouble = (q: string, onEvents: (events: readonly RecordedEvent[]) => void) => Subscription;

export interface ToastsParts {
  /** Whether what is new and matches the search is on the screen the moment it comes. */
  readonly isFollowing: () => boolean;
  /** Whether nobody looks at the page. */
  readonly isHidden: () => boolean;
  readonly follow: FollowTrouble;
  readonly nextFrame: Schedule;
}

const trouble = 'severity>=error';

/** Tells of errors and criticals that come live and that the reader would otherwise not see: because the list holds still or
 *  is in the background, or because the search leaves them out. What appears at the top of the list before the reader's
 *  eyes is not told twice. With a search, all trouble is followed by a subscription of its own; what comes
 *  in the moment between two subscriptions is not told, only listed. */
export class Toasts {
  readonly shown = signal<readonly Toast[]>([]);
  /** The pointer or the focus is on one of them: none leaves by itself. */
  readonly isHeld = signal(false);
  readonly #parts: ToastsParts;
  readonly #stack = new ToastStack();
  #query: string | null = null;
  #matches: Predicate = () => true;
  #everything: Subscription | null = null;

  constructor(parts: ToastsParts) {
    this.#parts = parts;
  }

  /** Tells of trouble whatever the search, which is null before the first one is answered. */
  watch(shownQuery: { readonly value: string | null }): void {
    effect(() => {
      const query = shownQuery.value;
      if (query === null) return;
      untracked(() => this.#follow(query));
    });
  }

  /** The subscription may have been ended for good, as that of the list was. */
  followAgain(): void {
    if (this.#query !== null) this.#follow(this.#query);
  }

  /** Events of the list, as they come. */
  receiveListed(events: readonly RecordedEvent[]): void {
    if (this.#everything === null) this.#receive(events);
  }

  dismiss(id: number): void {
    this.#stack.dismiss(id);
    this.#show();
  }

  /** The list shows the newest again. */
  dropSeen(): void {
    this.#stack.dropSeen();
    this.#show();
  }

  /** Lets go of what has been there long enough. Call it every second. */
  tick(): void {
    if (this.#stack.isEmpty) return;
    this.#stack.expire(Date.now(), this.isHeld.peek() || this.#parts.isHidden());
    this.#show();
  }

  #follow(query: string): void {
    this.#query = query;
    this.#matches = predicateOf(query);
    this.#everything?.close();
    this.#everything = query === '' ? null : this.#parts.follow(trouble, (events) => this.#receive(events));
  }

  #receive(events: readonly RecordedEvent[]): void {
    const isFollowing = this.#parts.isFollowing();
    const now = Date.now();
    for (const event of events) {
      if (event.severity !== 'error' && event.severity !== 'critical') continue;
      const isElsewhere = !this.#matches(event);
      if (isElsewhere || !isFollowing) this.#stack.add(event, isElsewhere, now);
    }
    this.#show();
  }

  #show(): void {
    if (this.#stack.isEmpty && this.shown.peek().length === 0) return;
    this.#parts.nextFrame(() => {
      this.shown.value = this.#stack.toasts;
      if (this.#stack.isEmpty) this.isHeld.value = false;
    });
  }
}

function predicateOf(query: string): Predicate {
  try {
    return compileQuery(parseQuery(query, Date.now()));
  } catch (error) {
    if (error instanceof RefusedError) return () => false;
    throw error;
  }
}

import type { Position } from '../../src/pipeline/event.ts';
import type { Row } from './row.ts';

/** A page of history, newest first, as `GET /api/events` answers it. */
export interface Page {
  readonly rows: readonly Row[];
  /** Where the next older page goes on, or null where the log begins. */
  readonly next: Position | null;
}

export interface Waiting {
  readonly total: number;
  readonly critical: number;
}

/** The part of the matching events that is in memory: `rows`, an unbroken run that the table shows, and behind it the
 *  ones that wait until the reader wants them. Neither ever holds more than `limit` (and a little slack). What is let go
 *  is the end away from the reader, to be loaded again from the hub: at the old end `older` moves, at the new end `isCut` says that
 *  events exist that are neither in `rows` nor all in wait. */
export class EventWindow {
  readonly #limit: number;
  /** Oldest first, so that news is a push. */
  #rows: Row[] = [];
  #waiting: Row[] = [];
  #waitingTotal = 0;
  #waitingCritical = 0;
  #lastPosition: Position = 0;
  older: Position | null = null;
  isCut = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#rows.length;
  }

  get waiting(): Waiting {
    return { total: this.#waitingTotal, critical: this.#waitingCritical };
  }

  get newestPosition(): Position {
    return this.#rows.at(-1)?.position ?? 0;
  }

  /** The row at an index counted from the newest. */
  rowAt(index: number): Row | undefined {
    return this.#rows[this.#rows.length - 1 - index];
  }

  /** The index, counted from the newest, of the row at this position, or of the next older one when it is not here. */
  indexOf(position: Position): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = this.#rows[middle];
      if (row !== undefined && row.position <= position) low = middle + 1;
      else high = middle;
    }
    return this.#rows.length - low;
  }

  /** Starts over with the newest page. Rows and waiting ones that are newer than the page stay and are shown with it, so
   *  nothing is lost or doubled when live events and the page cross on their way. */
  replace(page: Page): void {
    const last = page.rows[0]?.position ?? 0;
    const run = this.#newestRun();
    const newer = run.rows.filter((row) => row.position > last);
    if (run.hasOlder && newer.length === run.rows.length && newer.length > 0) {
      // More came while the page was read than is kept: between the two may be a hole.
      this.#rows = newer;
      this.older = newer[0]?.position ?? null;
    } else {
      this.#rows = [...page.rows.toReversed(), ...newer];
      this.older = page.next;
    }
    this.isCut = false;
    this.#clearWaiting();
    this.#lastPosition = Math.max(this.#lastPosition, this.newestPosition);
    this.#letGoOfOldest();
  }

  /** Forgets everything: it belongs to another search, or to another log. */
  forget(): void {
    this.#rows = [];
    this.older = null;
    this.isCut = false;
    this.#lastPosition = 0;
    this.#clearWaiting();
  }

  /** Takes live events, oldest first: at once into the rows, or into wait while the reader wants the list to hold still. */
  receive(events: readonly Row[], isHeld: boolean, now: number): void {
    const news = events.filter((row) => row.position > this.#lastPosition);
    this.#lastPosition = news.at(-1)?.position ?? this.#lastPosition;
    if (!isHeld) {
      for (const row of news) row.arrivedAt = now;
      this.#rows.push(...news);
      this.#letGoOfOldest();
      return;
    }
    this.#waitingTotal += news.length;
    for (const row of news) if (row.severity === 'critical') this.#waitingCritical += 1;
    this.#waiting.push(...news);
    if (this.#waiting.length > this.#limit * slack) {
      this.#waiting.splice(0, this.#waiting.length - this.#limit);
      this.isCut = true;
    }
  }

  /** Shows what waited. False when the window is cut: then only the newest page closes the gap. */
  reveal(now: number): boolean {
    if (this.isCut) return false;
    for (const row of this.#waiting) row.arrivedAt = now;
    this.#rows.push(...this.#waiting);
    this.#clearWaiting();
    this.#letGoOfOldest();
    return true;
  }

  /** Adds the next older page below. Over the limit the newest rows go, because the reader is at the old end. */
  addOlder(page: Page): void {
    this.#rows.unshift(...page.rows.toReversed());
    this.older = page.next;
    if (this.#rows.length <= this.#limit) return;
    this.#rows.length = this.#limit;
    this.isCut = true;
  }

  /** Adds a page above that continues the rows, oldest first. `reachedHead` says that the log had nothing after it. */
  addNewer(rows: readonly Row[], reachedHead: boolean): void {
    const newest = this.newestPosition;
    this.#rows.push(...rows.filter((row) => row.position > newest));
    this.#letGoOfOldest();
    const firstWaiting = this.#waiting[0]?.position;
    const joins = firstWaiting !== undefined && firstWaiting <= this.newestPosition;
    if (!joins && !(reachedHead && this.#waiting.length === this.#waitingTotal)) return;
    this.isCut = false;
    this.#waiting = this.#waiting.filter((row) => row.position > this.newestPosition);
    this.#waitingTotal = this.#waiting.length;
    this.#waitingCritical = this.#waiting.filter((row) => row.severity === 'critical').length;
    this.#lastPosition = Math.max(this.#lastPosition, this.newestPosition);
  }

  /** The rows up to the newest that came, without a hole, and whether older ones exist before them. */
  #newestRun(): { readonly rows: readonly Row[]; readonly hasOlder: boolean } {
    const hasOverflowed = this.#waiting.length < this.#waitingTotal;
    if (this.isCut) return { rows: this.#waiting, hasOlder: hasOverflowed };
    return { rows: [...this.#rows, ...this.#waiting], hasOlder: this.older !== null };
  }

  #letGoOfOldest(): void {
    if (this.#rows.length <= this.#limit * slack) return;
    this.#rows.splice(0, this.#rows.length - this.#limit);
    this.older = this.#rows[0]?.position ?? null;
  }

  #clearWaiting(): void {
    this.#waiting = [];
    this.#waitingTotal = 0;
    this.#waitingCritical = 0;
  }
}

/** Rows over the limit before the oldest go, so that a busy stream does not move the whole array for every event. */
const slack = 1.1;

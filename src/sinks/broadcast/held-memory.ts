import type { Outlet } from '../../pipeline/subscriptions.ts';

/** What one page asks of the log. Characters, of which each may be three bytes on the wire. */
export const pageBytes = 128 * 1024;
export const pageRecords = 1_000;
/** A page is read when its subscriber has room for the largest one: its characters and one more record, in bytes. */
const pageRoom = 3 * (pageBytes + 72 * 1024);
/** No more than this of one subscriber's frames waits in the hub. */
const maxHeldBytes = 1024 * 1024;
/** One that has taken nothing for so long makes way when memory is short. */
const stalledMs = 10_000;

export interface Holder {
  readonly outlet: Outlet;
  drained(): void;
}

/** Counts what waits in the hub to be read by subscribers, against a limit for each and one for all. */
export class HeldMemory {
  readonly #maxTotal: number;
  readonly #clock: () => number;
  readonly #held = new Map<Holder, { bytes: number; shrunkAt: number }>();
  /** Waiting for others to read, first come, first served. */
  readonly #waiting = new Set<Holder>();
  #total = 0;

  constructor(maxTotal: number, clock: () => number) {
    this.#maxTotal = maxTotal;
    this.#clock = clock;
  }

  get total(): number {
    return this.#total;
  }

  hasRoom(holder: Holder, bytes: number): boolean {
    const held = this.#refresh(holder);
    return held + bytes <= maxHeldBytes && this.#total + bytes <= this.#maxTotal;
  }

  hasRoomForPage(holder: Holder): boolean {
    return this.hasRoom(holder, pageRoom);
  }

  /** To be called when a holder was sent something, or has read something. */
  update(holder: Holder): void {
    const before = this.#total;
    this.#refresh(holder);
    if (this.#total < before) this.#wake();
  }

  remove(holder: Holder): void {
    this.#total -= this.#held.get(holder)?.bytes ?? 0;
    this.#held.delete(holder);
    this.#waiting.delete(holder);
    this.#wake();
  }

  /** Calls the holder's `drained` once others have made room for a page. Where its own connection is what holds it up,
   *  the connection does so. */
  await(holder: Holder): void {
    if (this.#refresh(holder) + pageRoom <= maxHeldBytes) this.#waiting.add(holder);
  }

  /** Ends the connections that have taken nothing for long while others wait for their memory. */
  evictStalled(): void {
    if (this.#waiting.size === 0 || this.#total + pageRoom <= this.#maxTotal) return;
    const latest = this.#clock() - stalledMs;
    for (const [holder, { bytes, shrunkAt }] of [...this.#held]) {
      if (bytes > 0 && shrunkAt <= latest) holder.outlet.end('unresponsive');
    }
  }

  #refresh(holder: Holder): number {
    const bytes = holder.outlet.heldBytes;
    const known = this.#held.get(holder);
    if (known === undefined) {
      this.#held.set(holder, { bytes, shrunkAt: this.#clock() });
      this.#total += bytes;
      return bytes;
    }
    if (bytes === known.bytes) return bytes;
    if (bytes < known.bytes || known.bytes === 0) known.shrunkAt = this.#clock();
    this.#total += bytes - known.bytes;
    known.bytes = bytes;
    return bytes;
  }

  #wake(): void {
    // A copy: one that still finds no room waits again, behind the others.
    for (const holder of [...this.#waiting]) {
      if (this.#total + pageRoom > this.#maxTotal) return;
      this.#waiting.delete(holder);
      holder.drained();
    }
  }
}

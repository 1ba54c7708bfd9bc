import type { Outlet } from '../../pipeline/subscriptions.ts';
import { HandedAhead } from './handed-ahead.ts';

/** What one page asks of the log. Characters, of which each may be three bytes on the wire. */
export const pageBytes = 128 * 1024;
export const pageRecords = 1_000;
/** The longest record of a draft of 64 KiB: `1e20` is kept as 21 digits, and such numbers may be all it has. */
const recordRoom = 300 * 1024;
/** A page is read when its subscriber has room for the largest one: its characters and one more record, in bytes. */
const pageRoom = 3 * pageBytes + recordRoom;
/** No more than this of one subscriber's frames waits in the hub. */
const maxHeldBytes = 1024 * 1024;
/** Kept free for the short frames that say where a subscriber is and that ask for no room. */
const wordRoom = 256;
/** Live subscribers are looked at again so long after they were handed something; sooner when memory becomes short, but not
 *  in the same turn of the event loop, at the end of which a topic's frames go out. */
const lookMs = 100;
const lookSoonMs = 1;
/** One that has taken nothing for so long makes way when memory is short. */
const stalledMs = 10_000;
/** One that has taken nothing for so long does not read at all. */
const unresponsiveMs = 60_000;

export interface Holder {
  readonly outlet: Outlet;
  /** Called when there may be room for a page. */
  proceed(): void;
}

/** Counts what waits in the hub to be read by subscribers, against a limit for each and one for all. What was allowed counts
 *  from then on and not from when it is seen to wait: many are allowed something in the same moment. */
export class HeldMemory {
  readonly #maxTotal: number;
  readonly #clock: () => number;
  readonly #held = new Map<Holder, { bytes: number; takenAt: number }>();
  /** Waiting for others to read, first come, first served. */
  readonly #waiting = new Set<Holder>();
  /** Pages are being read for them. */
  readonly #reading = new Set<Holder>();
  /** They were handed frames, of which their connections may have taken all. */
  readonly #handed = new Set<Holder>();
  readonly #ahead = new Map<ReadonlySet<Holder>, HandedAhead>();
  #look: { readonly timer: NodeJS.Timeout; readonly isSoon: boolean } | null = null;
  #total = 0;

  constructor(maxTotal: number, clock: () => number) {
    this.#maxTotal = maxTotal;
    this.#clock = clock;
  }

  /** Whether one of the short frames may be sent. */
  hasRoom(holder: Holder): boolean {
    return this.#isRoomFor(holder, 0);
  }

  /** Hands so many bytes of live frames to each of `members`, and returns those that have no room for them; to the others they
   *  count as held until their connections have been looked at again. To look at a thousand connections takes half a
   *  millisecond, so it is not done for each frame: what they held when they were looked at last, and were handed since, is the
   *  most that they can hold. */
  hand<Member extends Holder>(members: ReadonlySet<Member>, bytes: number): readonly Member[] {
    const ahead = this.#ahead.get(members);
    if (ahead?.hasRoom(bytes, maxHeldBytes) === true && this.#total + bytes * members.size <= this.#maxTotal) {
      this.#total += ahead.hand(bytes, members.size);
      this.#lookLater();
      return [];
    }
    this.lookAgain(members);
    const left = [...members].filter((member) => !this.#allow(member, bytes));
    this.#ahead.set(members, new HandedAhead(this.#mostOf(members)));
    this.#lookLater();
    return left;
  }

  /** To be called when the group of these has got a new member, or is no more. */
  lookAgain(members: ReadonlySet<Holder>): void {
    this.#total -= this.#ahead.get(members)?.total ?? 0;
    this.#ahead.delete(members);
  }

  /** Whether a page may be read; its room is kept until `endPage`. */
  beginPage(holder: Holder): boolean {
    if (!this.#isRoomFor(holder, pageRoom)) return false;
    this.#reading.add(holder);
    this.#total += pageRoom;
    return true;
  }

  /** To be called when the page has been sent, or could not be read. */
  endPage(holder: Holder): void {
    if (!this.#reading.delete(holder)) return;
    this.#total -= pageRoom;
    this.#wake();
  }

  /** To be called when a holder's reader has taken something; how much is not always to be seen. */
  taken(holder: Holder): void {
    this.update(holder);
    const known = this.#held.get(holder);
    if (known !== undefined) known.takenAt = this.#clock();
  }

  /** To be called when a holder was sent something. */
  update(holder: Holder): void {
    const before = this.#total;
    this.#refresh(holder);
    if (this.#total < before) this.#wake();
  }

  remove(holder: Holder): void {
    if (this.#reading.delete(holder)) this.#total -= pageRoom;
    this.#handed.delete(holder);
    this.#total -= this.#held.get(holder)?.bytes ?? 0;
    this.#held.delete(holder);
    this.#waiting.delete(holder);
    this.#wake();
  }

  /** Calls the holder's `proceed` once others have made room for a page. Where its own connection is what holds it up,
   *  the connection does so. */
  await(holder: Holder): void {
    if (this.#refresh(holder) + pageRoom <= maxHeldBytes) this.#waiting.add(holder);
  }

  /** Ends the connections that leave unread what waits for them: sooner while others wait for their memory. */
  evictStalled(): void {
    const isShort = this.#waiting.size > 0 && this.#total + pageRoom > this.#maxTotal;
    const latest = this.#clock() - (isShort ? stalledMs : unresponsiveMs);
    for (const [holder, { bytes, takenAt }] of [...this.#held]) {
      if (bytes > wordRoom && takenAt <= latest) holder.outlet.end('unresponsive');
    }
  }

  #allow(holder: Holder, bytes: number): boolean {
    if (!this.#isRoomFor(holder, bytes)) return false;
    const known = this.#held.get(holder);
    if (known === undefined) return false;
    if (known.bytes === wordRoom) known.takenAt = this.#clock();
    known.bytes += bytes;
    this.#total += bytes;
    this.#handed.add(holder);
    return true;
  }

  #mostOf(members: ReadonlySet<Holder>): number {
    let most = 0;
    for (const member of members) most = Math.max(most, this.#held.get(member)?.bytes ?? 0);
    return most;
  }

  #lookLater(): void {
    const isSoon = this.#waiting.size > 0 || this.#total > this.#maxTotal / 2;
    if (this.#look !== null && (this.#look.isSoon || !isSoon)) return;
    clearTimeout(this.#look?.timer);
    const timer = setTimeout(
      () => {
        this.#look = null;
        this.#recount();
      },
      isSoon ? lookSoonMs : lookMs,
    );
    this.#look = { timer: timer.unref(), isSoon };
  }

  #isRoomFor(holder: Holder, bytes: number): boolean {
    return this.#refresh(holder) + bytes <= maxHeldBytes && this.#total + bytes <= this.#maxTotal;
  }

  #recount(): void {
    for (const holder of this.#handed) this.#refresh(holder);
    this.#handed.clear();
    for (const [members, { total }] of [...this.#ahead]) {
      if (total === 0) continue;
      this.lookAgain(members);
      for (const member of members) this.#refresh(member);
      this.#ahead.set(members, new HandedAhead(this.#mostOf(members)));
    }
    this.#wake();
  }

  #refresh(holder: Holder): number {
    const bytes = holder.outlet.heldBytes + wordRoom;
    const known = this.#held.get(holder);
    if (known === undefined) {
      this.#held.set(holder, { bytes, takenAt: this.#clock() });
      this.#total += bytes;
      return bytes;
    }
    if (bytes === known.bytes) return bytes;
    if (bytes < known.bytes || known.bytes === wordRoom) known.takenAt = this.#clock();
    this.#total += bytes - known.bytes;
    known.bytes = bytes;
    return bytes;
  }

  #wake(): void {
    // A copy: one that still finds no room waits again, behind the others.
    for (const holder of [...this.#waiting]) {
      if (this.#total + pageRoom > this.#maxTotal) return;
      this.#waiting.delete(holder);
      holder.proceed();
    }
  }
}

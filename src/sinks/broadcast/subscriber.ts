import type { Position } from '../../pipeline/event.ts';
import type { EventLog, ReadPage } from '../../pipeline/event-log.ts';
import type { Outlet, SubscriberStatus, SubscribeRequest, Subscription } from '../../pipeline/subscriptions.ts';
import type { Frames } from './frames.ts';
import { statusOf, type Origin } from './origin.ts';
import { ReadTrouble } from './read-trouble.ts';
import { pageBytes, pageRecords, type HeldMemory } from './held-memory.ts';

/** What a subscriber needs of the broadcast it belongs to. */
export interface Feed {
  readonly log: EventLog;
  readonly frames: Frames;
  readonly memory: HeldMemory;
  /** The last position that live subscribers have been given. */
  published(): Position;
  /** Puts the subscriber among those who get live frames from the next batch on. */
  goLive(subscriber: Subscriber): void;
  leave(subscriber: Subscriber): void;
  closed(subscriber: Subscriber): void;
  /** Told why the subscriber waits until the log can be read again. */
  failing(subscriber: Subscriber, error: unknown): void;
}

/** How long a subscriber waits after the log could not be read. */
const readRetryMs = 1_000;

/** One subscriber: reads history page by page at its own pace and joins the live frames in the very turn in which it has
 *  read up to what was published, so that nothing is missed and nothing comes twice. A live one whose
 *  connection has no room for a frame leaves before that frame is published, and reads the log again from where it
 *  stands. So it needs one page of memory, however slow it is. */
export class Subscriber implements Subscription {
  readonly request: SubscribeRequest;
  readonly outlet: Outlet;
  readonly #origin: Origin;
  readonly #feed: Feed;
  readonly #trouble: ReadTrouble;
  #state: 'reading' | 'waiting' | 'live' | 'closed' = 'waiting';
  #cursor: Position;
  #sent = 0;
  /** The last position that a frame has named. */
  #told: Position;
  #isCaughtUp = false;
  #hasBeenLive = false;

  constructor(origin: Origin, feed: Feed) {
    const { request, outlet } = origin;
    this.#origin = origin;
    this.request = request;
    this.outlet = outlet;
    this.#feed = feed;
    this.#trouble = new ReadTrouble(request.until !== undefined);
    this.#cursor = request.after;
    this.#told = request.after;
  }

  get cursor(): Position {
    return this.#state === 'live' ? this.#feed.published() : this.#cursor;
  }

  get status(): SubscriberStatus {
    const behind = this.#hasBeenLive ? 'fell_behind' : 'catching_up';
    return statusOf(this.#origin, this.#state === 'live' ? 'live' : behind, this.cursor, this.#feed.published());
  }

  /** Why its last read has failed; empty when it has not. */
  get failure(): string {
    return this.#trouble.reason;
  }

  start(): void {
    this.#advance();
  }

  drained(): void {
    this.#feed.memory.taken(this);
    this.proceed();
  }

  /** Takes the next step if it waits for one. */
  proceed(): void {
    if (this.#state === 'waiting') this.#advance();
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#feed.leave(this);
    this.#state = 'closed';
    this.#feed.memory.remove(this);
    this.#feed.closed(this);
  }

  /** The hub stops. A reader of a range must not take the part it has for the whole. */
  cutOff(): void {
    this.outlet.end(this.request.until === undefined ? 'restarting' : 'unresponsive');
  }

  /** Live no more: goes on from the log after `position`, the last one whose frames it was given. */
  fallBehind(position: Position): void {
    this.#feed.leave(this);
    this.#state = 'waiting';
    this.#cursor = position;
    this.#isCaughtUp = false;
    this.#send(this.#feed.frames.fellBehind(position));
  }

  /** Says how far it has come, when nothing that it was sent has said so. `lastInFrame` is the last position that a
   *  live frame to it has named. */
  tellPosition(lastInFrame: Position): void {
    const position = this.cursor;
    const told = this.#state === 'live' ? Math.max(this.#told, lastInFrame) : this.#told;
    if (position <= told || !this.#feed.memory.hasRoom(this)) return;
    this.#told = position;
    this.#send(this.#feed.frames.checkpoint(position));
  }

  heartbeat(): void {
    if (this.#feed.memory.hasRoom(this)) this.#send(this.#feed.frames.heartbeat());
  }

  /** Takes the next step that is possible now: join the live frames, read a page, or wait for `drained`. */
  #advance(): void {
    this.#state = 'waiting';
    this.#moveToFirst();
    if (this.#isGone()) {
      this.#endAsGone();
    } else if (this.#trouble.isFinal) {
      this.#endAsUnreadable();
    } else if (this.#isFinished()) {
      this.#finish();
    } else if (this.request.until === undefined && this.#cursor >= this.#feed.published()) {
      this.#join();
    } else if (this.#feed.memory.beginPage(this)) {
      void this.#readPage();
    } else {
      this.#feed.memory.await(this);
    }
  }

  #isFinished(): boolean {
    const { until, limit } = this.request;
    return until !== undefined && (this.#cursor >= until || (limit !== undefined && this.#sent >= limit));
  }

  /** An end that has to wait behind what the reader has not taken would count as a connection that does nothing. */
  #finish(): void {
    if (this.outlet.heldBytes > 0) return;
    this.close();
    this.outlet.end('done');
  }

  #join(): void {
    this.#state = 'live';
    this.#hasBeenLive = true;
    this.#feed.goLive(this);
    if (this.#isCaughtUp) return;
    this.#isCaughtUp = true;
    this.#told = this.#cursor;
    this.#send(this.#feed.frames.caughtUp(this.#cursor));
  }

  async #readPage(): Promise<void> {
    this.#state = 'reading';
    const upTo = Math.min(this.request.until ?? Infinity, this.#feed.published());
    const left = this.request.limit === undefined ? Infinity : this.request.limit - this.#sent;
    try {
      const page = await this.#feed.log.read({
        after: this.#cursor,
        before: upTo + 1,
        order: 'asc',
        filter: this.request.filter,
        limit: Math.min(pageRecords, left),
        maxBytes: pageBytes,
      });
      if (this.#isClosed()) return;
      this.#trouble.clear();
      this.#moveToFirst();
      // If retention came across it, it may have holes.
      if (!this.#isGone()) this.#sendPage(page);
      this.#feed.memory.endPage(this);
      this.#advance();
    } catch (error) {
      if (this.#isClosed()) return;
      this.#feed.memory.endPage(this);
      this.#retry(error);
    }
  }

  #retry(error: unknown): void {
    this.#state = 'waiting';
    const isNews = this.#trouble.take(error);
    if (this.#trouble.isFinal) {
      this.#advance();
      return;
    }
    if (isNews) this.#feed.failing(this, error);
    setTimeout(() => {
      this.proceed();
    }, readRetryMs).unref();
  }

  #sendPage(page: ReadPage): void {
    const records = page.records.filter(({ position }) => position > this.#cursor);
    this.#cursor = Math.max(this.#cursor, page.through);
    this.#sent += records.length;
    const last = records.at(-1);
    if (last === undefined) return;
    this.#told = last.position;
    this.#send(this.#feed.frames.events(records));
  }

  #send(frame: string): void {
    if (frame === '') return;
    this.outlet.send(frame);
    this.#feed.memory.update(this);
  }

  /** Who reads from the beginning and has nothing yet begins where that is now. */
  #moveToFirst(): void {
    if (this.request.isFromFirst !== true || this.#sent > 0) return;
    this.#cursor = Math.max(this.#cursor, this.#feed.log.first - 1);
  }

  /** Whether retention has removed what comes next. */
  #isGone(): boolean {
    return this.#cursor < this.#feed.log.first - 1;
  }

  #endAsGone(): void {
    this.#send(this.#feed.frames.gone(this.#cursor + 1, this.#feed.log.first));
    this.close();
    this.outlet.end('gone');
  }

  /** Behind everything that comes before it, as `#finish`. */
  #endAsUnreadable(): void {
    if (this.outlet.heldBytes > 0) return;
    this.#send(this.#feed.frames.unreadable(this.#trouble.reason));
    this.close();
    this.outlet.end('unreadable');
  }

  /** A call, since the state may change while a page is being read. */
  #isClosed(): boolean {
    return this.#state === 'closed';
  }
}

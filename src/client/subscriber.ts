import type { Position, RecordedEvent } from '../pipeline/event.ts';
import { backoffMs, defaultBackoff } from './backoff.ts';
import { fixSpans, type SubscriptionFilter } from './filter.ts';
import { LinkWatch } from './link-watch.ts';
import type { SocketEnd } from './socket-end.ts';
import { openSocket, type Frame, type SocketLink } from './socket.ts';
import type { Cursor, SubscribeOptions, Subscription } from './subscription.ts';
import { isFinalCode, ping, readEvents, readPosition, subscribeFrame, textOf } from './subscription-frames.ts';

/** How long a hub may take to greet, or to answer whether it is still there. */
const answerMs = 10_000;
/** A hub whose head does not move says nothing. After so long a silence it is asked for a sign of life. */
const idleMs = 20_000;

/** Gives every matching event exactly once, in order, across any number of disconnects: each connection resumes after
 *  the last position that was looked at, and nothing at or below it is given again. */
export function subscribe(options: SubscribeOptions): Subscription {
  return new ResumingSubscription(options);
}

class ResumingSubscription implements Subscription {
  readonly #options: SubscribeOptions;
  readonly #watch: LinkWatch;
  #filter: SubscriptionFilter;
  #cursor: Cursor | null;
  #link: SocketLink | null = null;
  /** Subscriptions asked for whose hello has not come. Until it is 0, every frame belongs to one that was replaced. */
  #awaitedHellos = 0;
  /** Whether the connection's own hello has come. */
  #isGreeted = false;
  #isPinging = false;
  #isPaused = false;
  #isClosed = false;
  #failures = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #head: Position = 0;
  #first: Position = 1;

  constructor(options: SubscribeOptions) {
    this.#options = options;
    this.#filter = fixSpans(options.filter ?? {}, Date.now());
    this.#cursor = options.cursor ?? null;
    this.#watch = new LinkWatch({
      answerMs,
      onDead: () => this.#lost({ code: 'unavailable', reason: 'the hub does not answer', isFinal: false }),
      idle: { afterMs: idleMs, ask: () => this.#ping() },
    });
    this.#connect();
  }

  cursor(): Cursor | null {
    return this.#cursor;
  }

  subscribe(filter: SubscriptionFilter, cursor?: Cursor): void {
    this.#filter = fixSpans(filter, Date.now());
    this.#cursor = cursor ?? null;
    if (this.#isGreeted) this.#request();
  }

  retryNow(): void {
    if (this.#isClosed) return;
    if (this.#link === null) this.#connect();
    else if (this.#isGreeted && !this.#isPaused) {
      this.#ping();
      this.#watch.expectAnswer();
    }
  }

  pause(): void {
    this.#isPaused = true;
    // The silence is our own doing now. A hub that gives us up meanwhile is noticed, and resumed from, after it.
    this.#watch.stop();
    this.#link?.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#link?.resume();
    if (this.#link !== null) this.#watch.heard();
  }

  close(): void {
    this.#finish('closed', 'closed by the caller');
  }

  #connect(): void {
    clearTimeout(this.#retryTimer);
    this.#isGreeted = false;
    this.#isPinging = false;
    this.#options.onStatus({ state: 'connecting', attempt: this.#failures + 1 });
    // The listener may have closed the subscription.
    if (this.#isClosed) return;
    this.#awaitedHellos = 0;
    this.#link = openSocket(this.#options.WebSocket, this.#options, {
      // The hub speaks first.
      open: () => undefined,
      frame: (frame) => this.#frame(frame),
      end: (end) => this.#lost(end),
    });
    this.#watch.expectAnswer();
  }

  #request(): void {
    this.#awaitedHellos += 1;
    this.#link?.send(JSON.stringify(subscribeFrame(this.#filter, this.#cursor)));
    if (!this.#isPaused) this.#watch.expectAnswer();
  }

  #ping(): void {
    this.#isPinging = true;
    this.#link?.send(JSON.stringify(ping));
  }

  #frame(frame: Frame): void {
    if (this.#isPaused) this.#watch.stop();
    else this.#watch.heard();
    if (frame['type'] === 'hello') this.#hello(frame);
    else if (frame['type'] === 'error') this.#error(frame);
    else if (this.#isGreeted && this.#awaitedHellos === 0) this.#news(frame);
  }

  #hello(frame: Frame): void {
    const epoch = textOf(frame['epoch']);
    const expected = this.#cursor?.epoch;
    if (expected !== undefined && expected !== epoch) {
      this.#finish('wrong_epoch', `the hub's log is ${epoch}, not ${expected}: it was restored or replaced`);
      return;
    }
    if (this.#isGreeted) {
      this.#begin(epoch, frame);
      return;
    }
    this.#isGreeted = true;
    if (this.#isPaused) this.#link?.pause();
    this.#request();
  }

  /** The hello of a subscription; of the one that is wanted, when it is the last that was asked for. */
  #begin(epoch: string, frame: Frame): void {
    this.#awaitedHellos -= 1;
    if (this.#awaitedHellos > 0) return;
    this.#cursor = { epoch, position: Math.max(readPosition(frame['after']), this.#cursor?.position ?? 0) };
    this.#head = readPosition(frame['head']);
    this.#first = readPosition(frame['first']);
    this.#catchUp();
  }

  #catchUp(): void {
    const epoch = this.#cursor?.epoch ?? '';
    this.#options.onStatus({ state: 'catching_up', epoch, head: this.#head, first: this.#first });
  }

  #news(frame: Frame): void {
    switch (frame['type']) {
      case 'events':
        this.#events(readEvents(frame['events']));
        break;
      case 'caught_up': {
        const position = readPosition(frame['position']);
        this.#advance(position);
        this.#failures = 0;
        this.#options.onStatus({ state: 'live', position: this.#cursor?.position ?? position });
        break;
      }
      case 'checkpoint':
        this.#advance(readPosition(frame['position']));
        break;
      case 'fell_behind':
        // Its position does not move the cursor: it may lie past events that are still to come.
        this.#catchUp();
        break;
    }
  }

  #events(events: readonly RecordedEvent[]): void {
    const seen = this.#cursor?.position ?? 0;
    const fresh = events.filter(({ position }) => position > seen);
    const last = fresh.at(-1);
    if (last === undefined) return;
    this.#advance(last.position);
    this.#failures = 0;
    this.#options.onEvents(fresh);
  }

  #advance(position: Position): void {
    if (this.#cursor !== null && position > this.#cursor.position) this.#cursor = { ...this.#cursor, position };
    this.#head = Math.max(this.#head, position);
  }

  #error(frame: Frame): void {
    const code = textOf(frame['code']);
    const isOurPing = frame['ref'] === ping.ref || (this.#isPinging && frame['ref'] === undefined);
    if (isOurPing && !isFinalCode(code)) {
      this.#isPinging = false;
      return;
    }
    this.#lost({ code, reason: textOf(frame['error']), isFinal: isFinalCode(code) || code.startsWith('invalid_') });
  }

  #lost({ code, reason, isFinal }: SocketEnd): void {
    if (isFinal) {
      this.#finish(code, reason);
      return;
    }
    this.#leave((link) => link.cut());
    this.#failures += 1;
    const waitMs = backoffMs(this.#failures, this.#options.backoff ?? defaultBackoff);
    this.#retryTimer = setTimeout(() => this.#connect(), waitMs);
    this.#options.onStatus({ state: 'waiting', retryAt: Date.now() + waitMs, reason });
  }

  #finish(code: string, reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#leave((link) => link.close());
    clearTimeout(this.#retryTimer);
    this.#options.onStatus({ state: 'closed', code, reason });
  }

  #leave(how: (link: SocketLink) => void): void {
    this.#watch.stop();
    if (this.#link !== null) how(this.#link);
    this.#link = null;
    this.#isGreeted = false;
  }
}

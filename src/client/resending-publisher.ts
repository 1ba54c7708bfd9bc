import { uuidv7 } from 'uuidv7';
import { backoffMs, defaultBackoff } from './backoff.ts';
import { LinkWatch } from './link-watch.ts';
import { PendingQueue, type Pending } from './pending-queue.ts';
import type { Carrier, Draft, Publisher, PublisherOptions, Transport } from './publisher.ts';
import { isPassing, type Verdict } from './verdict.ts';

/** How long a hub may leave a connection, or a draft, unanswered. A slow disk answers within a second. */
const answerMs = 30_000;

/** A larger draft is refused on every channel (contract, section 2). */
const maxDraftBytes = 65_536;

/** A publisher over any transport: which drafts to send when, and which of them again. */
export class ResendingPublisher implements Publisher {
  readonly #transport: Transport;
  readonly #options: PublisherOptions;
  readonly #window: number;
  readonly #queue = new PendingQueue();
  readonly #watch = new LinkWatch({ answerMs, onDead: () => this.#down('the hub does not answer') });
  #carrier: Carrier | null = null;
  #isUp = false;
  /** A draft came back to be sent again: no later one is sent before what is on its way is settled, for the order's sake. */
  #isHolding = false;
  #failures = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #isPumpDue = false;
  /** The verdict on whatever comes once nothing is sent any more. */
  #final: Verdict | null = null;
  #waiters: { readonly atMost: number; readonly resolve: () => void }[] = [];

  constructor(transport: Transport, options: PublisherOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#window = options.window ?? transport.window;
  }

  publish(draft: Draft): Promise<Verdict> {
    const id = draft['id'] ?? uuidv7();
    let text: string;
    try {
      text = JSON.stringify({ ...draft, id });
    } catch (error) {
      return Promise.resolve(refusal('invalid_event', `event: cannot be written as JSON; ${String(error)}`, id));
    }
    const bytes = bytesAtMost(text);
    if (bytes > maxDraftBytes) {
      const error = `event: must be at most ${maxDraftBytes} bytes; got ${bytes}`;
      return Promise.resolve(refusal('too_large', error, id));
    }
    if (this.#final !== null) return Promise.resolve(this.#final);
    return new Promise((resolve) => {
      this.#queue.add({ id, text, bytes, resolve });
      this.#pumpSoon();
    });
  }

  /** Twice the window, so that the next drafts are at hand when those on their way are answered. */
  ready(): Promise<void> {
    return this.#whenAtMost(2 * this.#window - 1);
  }

  drain(): Promise<void> {
    return this.#whenAtMost(0);
  }

  close(): void {
    const error = 'given up before the hub answered';
    this.#finish((wasSent) => refusal(wasSent ? 'in_doubt' : 'unavailable', error));
  }

  /** Not at once, so that the calls, or the answers, of one turn make one run. */
  #pumpSoon(): void {
    if (this.#isPumpDue) return;
    this.#isPumpDue = true;
    queueMicrotask(() => {
      this.#isPumpDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#queue.waiting === 0 || this.#retryTimer !== undefined) return;
    if (this.#carrier === null) {
      this.#connect();
      return;
    }
    if (this.#isHolding && this.#queue.onTheirWay > 0) return;
    this.#isHolding = false;
    while (this.#hasRoom()) {
      const { maxRun, maxRunBytes } = this.#transport;
      this.#carrier.send(this.#queue.take(Math.min(maxRun, this.#window - this.#queue.onTheirWay), maxRunBytes));
      this.#watch.expectAnswer();
    }
  }

  /** Under load a run waits until a quarter of the window is free: one frame for each answer would be slow. */
  #hasRoom(): boolean {
    const { waiting, onTheirWay } = this.#queue;
    if (!this.#isUp || waiting === 0) return false;
    if (!this.#transport.isPipelined) return onTheirWay === 0;
    return this.#window - onTheirWay >= Math.min(waiting, Math.ceil(this.#window / 4));
  }

  #connect(): void {
    this.#options.onStatus?.({ state: 'connecting', attempt: this.#failures + 1 });
    try {
      this.#carrier = this.#open();
      this.#watch.expectAnswer();
    } catch (error) {
      this.#wait(error instanceof Error ? error.message : String(error));
    }
  }

  #open(): Carrier {
    const ifCurrent = (act: () => void): void => {
      if (this.#carrier === carrier) act();
    };
    const carrier = this.#transport.open({
      up: () => ifCurrent(() => this.#up()),
      answer: (pending, verdict, retryAfterMs) => ifCurrent(() => this.#answer(pending, verdict, retryAfterMs)),
      down: (reason, final) => ifCurrent(() => this.#down(reason, final)),
    });
    return carrier;
  }

  #up(): void {
    this.#isUp = true;
    this.#watch.heard();
    this.#options.onStatus?.({ state: 'open' });
    this.#pump();
  }

  #answer(pending: Pending, verdict: Verdict, retryAfterMs = 0): void {
    if (verdict.id !== undefined && typeof pending.id === 'string' && verdict.id !== pending.id) {
      this.#down(`the answers are out of step: expected ${pending.id}, got ${verdict.id}`);
    } else if (!verdict.ok && isPassing(verdict.code)) {
      this.#queue.putBack([pending]);
      this.#isHolding = true;
      this.#wait(`${verdict.code}: ${verdict.error}`, retryAfterMs);
      this.#settled();
    } else if (!verdict.ok && verdict.code === 'unauthorized') {
      this.#finish(() => verdict);
    } else {
      this.#settle(pending, verdict);
    }
  }

  #settle(pending: Pending, verdict: Verdict): void {
    this.#queue.remove(pending);
    this.#failures = 0;
    pending.resolve(verdict);
    this.#settled();
  }

  #settled(): void {
    this.#watch.heard(this.#queue.onTheirWay > 0);
    this.#releaseWaiters();
    this.#pumpSoon();
  }

  #down(reason: string, final?: Verdict): void {
    this.#endCarrier();
    if (final !== undefined) {
      this.#finish(() => final);
      return;
    }
    this.#queue.putBackAll();
    // With nothing to send, the next draft connects.
    if (this.#queue.size > 0) this.#wait(reason);
  }

  #wait(reason: string, atLeastMs = 0): void {
    if (this.#retryTimer !== undefined) return;
    this.#failures += 1;
    const waitMs = Math.max(atLeastMs, backoffMs(this.#failures, this.#options.backoff ?? defaultBackoff));
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined;
      this.#pump();
    }, waitMs);
    this.#options.onStatus?.({ state: 'waiting', retryAt: Date.now() + waitMs, reason });
  }

  #finish(verdictOf: (wasSent: boolean) => Verdict): void {
    if (this.#final !== null) return;
    this.#final = verdictOf(false);
    this.#endCarrier();
    clearTimeout(this.#retryTimer);
    for (const { pending, wasSent } of this.#queue.clear()) pending.resolve(verdictOf(wasSent));
    this.#releaseWaiters();
  }

  #endCarrier(): void {
    const carrier = this.#carrier;
    this.#carrier = null;
    this.#isUp = false;
    this.#watch.stop();
    carrier?.end();
  }

  #whenAtMost(atMost: number): Promise<void> {
    if (this.#queue.size <= atMost) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push({ atMost, resolve });
    });
  }

  #releaseWaiters(): void {
    const { size } = this.#queue;
    const released = this.#waiters.filter(({ atMost }) => size <= atMost);
    if (released.length === 0) return;
    this.#waiters = this.#waiters.filter(({ atMost }) => size > atMost);
    for (const { resolve } of released) resolve();
  }
}

function refusal(code: string, error: string, id?: unknown): Verdict {
  return typeof id === 'string' ? { ok: false, code, error, id } : { ok: false, code, error };
}

/** Exact only where it matters. */
function bytesAtMost(text: string): number {
  const atMost = text.length * 3;
  return atMost <= maxDraftBytes ? atMost : new TextEncoder().encode(text).length;
}

export interface PollParts {
  /** Asks once; must stop when it is aborted, and never rejects. */
  readonly ask: (signal: AbortSignal) => Promise<void>;
  /** Milliseconds between two askings while nothing happens. */
  readonly idleMs: number;
  /** Milliseconds between two askings at least, however much happens. */
  readonly busyMs: number;
  /** Whether nobody would see the answer. */
  readonly isHidden: () => boolean;
}

/** After an answer that took long the hub is left alone for as many times that long. */
const restFactor = 4;

/** Asks again and again: every `idleMs`, sooner after a nudge, never two at a time, not while hidden. */
export class Poll {
  readonly #parts: PollParts;
  #request: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askedAt = -Infinity;
  #tookMs = 0;
  #isNudged = false;

  constructor(parts: PollParts) {
    this.#parts = parts;
  }

  /** The answer may be another one now: asks soon. */
  nudge(): void {
    if (this.#isNudged) return;
    this.#isNudged = true;
    this.#schedule();
  }

  /** Another question, or the first one: asks at once, and what was asked before is of no use any more. */
  restart(): void {
    this.#request?.abort();
    this.#request = null;
    this.#tookMs = 0;
    this.#askedAt = -Infinity;
    this.#isNudged = true;
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#request !== null || this.#parts.isHidden()) return;
    const wait = Math.max(this.#isNudged ? this.#parts.busyMs : this.#parts.idleMs, this.#tookMs * restFactor);
    this.#timer = setTimeout(() => void this.#ask(), Math.max(0, this.#askedAt + wait - Date.now()));
  }

  async #ask(): Promise<void> {
    if (this.#parts.isHidden()) return;
    const request = new AbortController();
    this.#request = request;
    this.#isNudged = false;
    this.#askedAt = Date.now();
    await this.#parts.ask(request.signal);
    if (request.signal.aborted) return;
    this.#tookMs = Date.now() - this.#askedAt;
    this.#request = null;
    this.#schedule();
  }
}

export interface LinkWatchOptions {
  /** How long the peer may take to say anything at all once an answer is expected. */
  readonly answerMs: number;
  readonly onDead: () => void;
  /** After so long a silence the peer is asked for a sign of life; without it, silence is no reason to doubt. */
  readonly idle?: { readonly afterMs: number; readonly ask: () => void };
}

/** Tells when a connection is dead although nobody closed it: an answer is expected and nothing comes in time.
 *  Anything that the peer says is a sign of life. */
export class LinkWatch {
  readonly #options: LinkWatchOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerDueAt = 0;
  #heardAt = 0;
  /** Since when, or null when nothing is expected. */
  #expectingSince: number | null = null;

  constructor(options: LinkWatchOptions) {
    this.#options = options;
  }

  /** Something was asked: from now on silence counts. */
  expectAnswer(): void {
    this.#expectingSince ??= performance.now();
    this.#arm();
  }

  /** The peer said something. Cheap, because it is called for every frame: a running timer is left to find out when it
   *  is due. */
  heard(expectsMore = false): void {
    this.#heardAt = performance.now();
    this.#expectingSince = expectsMore ? this.#heardAt : null;
    this.#arm();
  }

  /** Watches nothing until the next call of another method. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#expectingSince = null;
  }

  #arm(): void {
    const dueAt = this.#dueAt();
    if (dueAt === null || (this.#timer !== undefined && this.#timerDueAt <= dueAt)) return;
    clearTimeout(this.#timer);
    this.#timerDueAt = dueAt;
    this.#timer = setTimeout(() => this.#check(), dueAt - performance.now());
  }

  /** When silence would mean something; null when never. */
  #dueAt(): number | null {
    if (this.#expectingSince !== null) return this.#expectingSince + this.#options.answerMs;
    return this.#options.idle === undefined ? null : this.#heardAt + this.#options.idle.afterMs;
  }

  #check(): void {
    this.#timer = undefined;
    const dueAt = this.#dueAt();
    if (dueAt === null || performance.now() < dueAt) {
      this.#arm();
    } else if (this.#expectingSince !== null) {
      this.#options.onDead();
    } else {
      this.#options.idle?.ask();
      this.expectAnswer();
    }
  }
}

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
  #heardAt = 0;
  #isExpecting = false;

  constructor(options: LinkWatchOptions) {
    this.#options = options;
  }

  /** Something was asked: from now on silence counts. */
  expectAnswer(): void {
    if (this.#isExpecting) return;
    this.#isExpecting = true;
    this.#arm(this.#options.answerMs, this.#options.onDead);
  }

  /** The peer said something, and nothing more is expected. Cheap: called for every frame. */
  heard(): void {
    this.#heardAt = performance.now();
    if (this.#timer !== undefined && !this.#isExpecting) return;
    this.stop();
    if (this.#options.idle !== undefined) this.#watchSilence(this.#options.idle.afterMs);
  }

  /** Watches nothing until the next call of another method. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isExpecting = false;
  }

  #watchSilence(forMs: number): void {
    const { idle } = this.#options;
    if (idle === undefined) return;
    this.#arm(forMs, () => {
      const leftMs = this.#heardAt + idle.afterMs - performance.now();
      if (leftMs > 0) {
        this.#watchSilence(leftMs);
        return;
      }
      idle.ask();
      this.expectAnswer();
    });
  }

  #arm(afterMs: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, afterMs);
  }
}

/** Tells when nothing has moved for too long. Waiting for nothing does not count. */
export class GiveUp {
  readonly #afterMs: number;
  readonly #onGiveUp: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #movedAt = 0;

  constructor(afterMs: number, onGiveUp: () => void) {
    this.#afterMs = afterMs;
    this.#onGiveUp = onGiveUp;
  }

  /** Something is waited for. */
  watch(): void {
    if (this.#timer !== undefined) return;
    this.moved();
    this.#arm(this.#afterMs);
  }

  /** Cheap: called for every verdict. */
  moved(): void {
    this.#movedAt = performance.now();
  }

  /** Nothing is waited for. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(afterMs: number): void {
    this.#timer = setTimeout(() => {
      const leftMs = this.#movedAt + this.#afterMs - performance.now();
      if (leftMs > 0) {
        this.#arm(leftMs);
        return;
      }
      this.#timer = undefined;
      this.#onGiveUp();
    }, afterMs);
  }
}

import { RefusedError } from '../../pipeline/codes.ts';

/** So often in a row in vain, and a reader of a range is told: it waits for an end. */
const rangeAttempts = 10;

/** Why a subscriber cannot read on, and whether it may hope. */
export class ReadTrouble {
  readonly #isOfRange: boolean;
  #reason = '';
  #attempts = 0;
  #isFinal = false;

  constructor(isOfRange: boolean) {
    this.#isOfRange = isOfRange;
  }

  /** Empty when the last read has succeeded. */
  get reason(): string {
    return this.#reason;
  }

  /** A record that is damaged stays so; what keeps the log from being read otherwise may pass. */
  get isFinal(): boolean {
    return this.#isFinal;
  }

  /** Returns whether the reason is another than that of the attempt before. */
  take(error: unknown): boolean {
    const reason = error instanceof Error ? error.message : String(error);
    const isNews = reason !== this.#reason;
    this.#reason = reason;
    this.#attempts += 1;
    this.#isFinal = error instanceof RefusedError || (this.#isOfRange && this.#attempts >= rangeAttempts);
    return isNews;
  }

  clear(): void {
    this.#reason = '';
    this.#attempts = 0;
  }
}

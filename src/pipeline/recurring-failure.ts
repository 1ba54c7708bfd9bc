/** Of something that is tried again and again: the same failure every second is one failure, and reported once. */
export class RecurringFailure {
  readonly #reportFailure: (error: unknown) => void;
  #reported: string | null = null;

  constructor(reportFailure: (error: unknown) => void) {
    this.#reportFailure = reportFailure;
  }

  report(error: unknown): void {
    const message = String(error);
    if (message !== this.#reported) this.#reportFailure(error);
    this.#reported = message;
  }

  /** It went well: the same failure would be news again. */
  end(): void {
    this.#reported = null;
  }
}

/** The part of standard error that is needed. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Not at all for what is over at once; then often enough to look alive. */
const terminal = { firstMs: 500, everyMs: 200 };
/** In a log file a line now and then is enough. */
const file = { firstMs: 5_000, everyMs: 10_000 };

/** How far something long has come: one line that changes in place on a terminal, else a line now and then. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #text: () => string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isShown = false;

  constructor(stream: ProgressStream, text: () => string) {
    this.#stream = stream;
    this.#text = text;
  }

  start(): void {
    const pace = this.#stream.isTTY === true ? terminal : file;
    const show = (): void => {
      this.#show();
      this.#timer = setTimeout(show, pace.everyMs);
    };
    this.#timer = setTimeout(show, pace.firstMs);
  }

  /** Writes a line that stays, above the one that changes. */
  note(line: string): void {
    this.#clear();
    this.#stream.write(`${line}\n`);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#clear();
  }

  #show(): void {
    if (this.#stream.isTTY !== true) {
      this.#stream.write(`${this.#text()}\n`);
      return;
    }
    // A line that wraps could not be cleared again.
    const fitting = this.#text().slice(0, (this.#stream.columns ?? 80) - 1);
    this.#stream.write(`\r\u001b[2K${fitting}`);
    this.#isShown = true;
  }

  #clear(): void {
    if (this.#isShown) this.#stream.write('\r\u001b[2K');
    this.#isShown = false;
  }
}

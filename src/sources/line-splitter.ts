const newline = 0x0a;
const carriageReturn = 0x0d;
const firstCapacity = 1_024;

export interface LineReceiver {
  /** A line without its `\n` or `\r\n`, valid until the call returns. */
  line(bytes: Buffer): void;
  /** A line went over the limit. Called once, as soon as that is known; the rest of the line is skipped. */
  tooLong(): void;
}

/** Splits a byte stream into lines. A line longer than `maxLineBytes` is reported and skipped up to its newline, never
 *  cut: half an event is worse than none. Holds at most one unfinished line in memory. */
export class LineSplitter {
  readonly #maxLineBytes: number;
  readonly #receiver: LineReceiver;
  #unfinished = Buffer.alloc(0);
  #length = 0;
  #isSkipping = false;

  constructor(maxLineBytes: number, receiver: LineReceiver) {
    this.#maxLineBytes = maxLineBytes;
    this.#receiver = receiver;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      this.#finish(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** The stream has ended: a last line without its newline counts. */
  end(): void {
    if (this.#length > 0 || this.#isSkipping) this.#finish(Buffer.alloc(0));
  }

  #finish(tail: Buffer): void {
    if (this.#isSkipping) {
      this.#isSkipping = false;
      return;
    }
    if (this.#length === 0) {
      this.#emit(tail);
      return;
    }
    const isKept = this.#keep(tail);
    const length = this.#length;
    this.#length = 0;
    this.#isSkipping = false;
    if (isKept) this.#emit(this.#unfinished.subarray(0, length));
  }

  #emit(raw: Buffer): void {
    const line = raw.at(-1) === carriageReturn ? raw.subarray(0, -1) : raw;
    if (line.length > this.#maxLineBytes) this.#receiver.tooLong();
    else this.#receiver.line(line);
  }

  /** Whether the unfinished line is still within the limit. */
  #keep(part: Buffer): boolean {
    if (this.#isSkipping) return false;
    const length = this.#length + part.length;
    // One byte over the limit may still be the `\r` of a line that ends in `\r\n`.
    if (length > this.#maxLineBytes + 1) {
      this.#isSkipping = true;
      this.#length = 0;
      this.#unfinished = Buffer.alloc(0);
      this.#receiver.tooLong();
      return false;
    }
    if (length > this.#unfinished.length) this.#grow(length);
    part.copy(this.#unfinished, this.#length);
    this.#length = length;
    return true;
  }

  #grow(needed: number): void {
    const capacity = Math.min(this.#maxLineBytes + 1, Math.max(needed, firstCapacity, this.#unfinished.length * 2));
    const grown = Buffer.allocUnsafe(capacity);
    this.#unfinished.copy(grown, 0, 0, this.#length);
    this.#unfinished = grown;
  }
}

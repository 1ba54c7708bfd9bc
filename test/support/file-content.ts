/** The bytes of a file as it is written and cut. Room for all that it will ever hold is taken at once: a log that grows by
 *  a page a thousand times would otherwise be copied a thousand times. */
export class FileContent {
  readonly #bytes: Buffer;
  #size: number;

  constructor(capacity: number, from?: FileContent) {
    this.#bytes = Buffer.alloc(capacity);
    this.#size = from?.size ?? 0;
    from?.bytes.copy(this.#bytes);
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }

  copy(): FileContent {
    return new FileContent(this.#bytes.length, this);
  }

  write(data: Buffer, offset: number): void {
    data.copy(this.#bytes, offset);
    this.#size = Math.max(this.#size, offset + data.length);
  }

  /** Cuts it, or fills it up with zeros. */
  resize(size: number): void {
    if (size < this.#size) this.#bytes.fill(0, size, this.#size);
    this.#size = size;
  }
}

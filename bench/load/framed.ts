import type { Lines } from './lines.ts';
import type { Messages } from './window.ts';

/** Lines, without their newlines, each in what a protocol puts around it. */
export class Framed implements Messages {
  readonly #bytes: Buffer;
  /** Where each ends; the first entry is where the first one begins. */
  readonly #ends: readonly number[];

  constructor(lines: Lines, frame: (line: Buffer) => Buffer) {
    const frames: Buffer[] = [];
    const ends = [0];
    let length = 0;
    for (let index = 0; index < lines.count; index += 1) {
      const framed = frame(lines.slice(index, index + 1).subarray(0, -1));
      frames.push(framed);
      length += framed.length;
      ends.push(length);
    }
    this.#bytes = Buffer.concat(frames);
    this.#ends = ends;
  }

  get count(): number {
    return this.#ends.length - 1;
  }

  slice(first: number, end: number): Buffer {
    return this.#bytes.subarray(this.#ends[first], this.#ends[end]);
  }
}

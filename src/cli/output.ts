import type { Writable } from 'node:stream';

/** A stream of the process as a command writes it: waits for a slow reader, and survives one that has gone. */
export class Output {
  readonly #stream: Writable;
  #drained: Promise<void> | null = null;
  #isGone = false;

  /** `onGone` is told once when the reader has gone (`| head`): what is written from then on goes nowhere. */
  constructor(stream: Writable, onGone: () => void) {
    this.#stream = stream;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
      if (this.#isGone) return;
      this.#isGone = true;
      onGone();
    });
  }

  /** Writes a line, and says whether there is room for more. */
  line(text: string): boolean {
    if (this.#isGone || this.#stream.write(`${text}\n`)) return true;
    this.#drained ??= new Promise((resolve) => {
      const done = (): void => {
        this.#stream.off('drain', done).off('close', done).off('error', done);
        this.#drained = null;
        resolve();
      };
      this.#stream.on('drain', done).on('close', done).on('error', done);
    });
    return false;
  }

  /** Resolves when there is room. */
  ready(): Promise<void> {
    return this.#drained ?? Promise.resolve();
  }
}

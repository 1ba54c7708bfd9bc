import { EventEmitter } from 'node:events';

/** As much of a TCP socket as the hub's side of a connection uses. What it writes is handed over at once. */
export class SimulatedSocket extends EventEmitter {
  writable = true;
  writableEnded = false;
  readonly writableLength = 0;
  readonly #receive: (text: string) => void;
  #isPaused = false;
  /** What has arrived while the hub was not reading. */
  #waiting: Buffer[] = [];

  constructor(receive: (text: string) => void) {
    super();
    this.#receive = receive;
  }

  /** What the producer sends. */
  arrive(text: string): void {
    if (this.#isPaused) this.#waiting.push(Buffer.from(text));
    else this.emit('data', Buffer.from(text));
  }

  write(text: string): void {
    this.#receive(text);
  }

  isPaused(): boolean {
    return this.#isPaused;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    queueMicrotask(() => {
      while (!this.#isPaused && this.#waiting.length > 0) this.emit('data', this.#waiting.shift());
    });
  }

  end(): void {
    this.writableEnded = true;
  }

  destroy(): void {
    this.writable = false;
    this.emit('close');
  }
}

import { frameBytes } from './ws-client.ts';

/** A subscriber that counts what comes. */
interface Counter {
  readonly bytes: number;
}

/** Notes when the last of many subscribers has each event, by how many bytes each of them has: all get the same frames. One
 *  that reads its frames tells where each event ends. */
export class LastDelivery {
  /** When the last one had each event, by its number. */
  readonly at: number[] = [];
  readonly #subscribers: Counter[] = [];
  /** Events that each one has. */
  readonly #counts = new Map<Counter, number>();
  /** Bytes after which one has the event, by its number. */
  readonly #ends: number[] = [];
  /** How many have it. */
  readonly #havers: number[] = [];
  #bytes = 0;

  add(subscriber: Counter): void {
    this.#subscribers.push(subscriber);
    this.#counts.set(subscriber, 0);
  }

  /** A frame has come that brings so many events. */
  frame(text: string, events: number): void {
    this.#bytes += frameBytes(text);
    for (let index = 0; index < events; index += 1) this.#ends.push(this.#bytes);
    for (const subscriber of this.#subscribers) this.advance(subscriber);
  }

  /** More has come to this one. */
  readonly advance = (subscriber: Counter): void => {
    let count = this.#counts.get(subscriber) ?? 0;
    while (subscriber.bytes >= (this.#ends[count] ?? Infinity)) {
      this.#havers[count] = (this.#havers[count] ?? 0) + 1;
      if (this.#havers[count] === this.#subscribers.length) this.at[count] = performance.now();
      count += 1;
    }
    this.#counts.set(subscriber, count);
  };

  /** Throws when one has been sent more than the one that reads. */
  check(): void {
    const other = this.#subscribers.find(({ bytes }) => bytes !== this.#bytes);
    if (other === undefined) return;
    throw new Error(`one subscriber got ${String(this.#bytes)} bytes and another one ${String(other.bytes)}`);
  }
}

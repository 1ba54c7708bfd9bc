/** Tells a flood from a burst. A flood begins when two seconds in a row each brought more than `onset` events, and ends
 *  after a second with fewer than half of that: the gap between the two keeps the list from flickering between both. */
export class FloodMeter {
  readonly #onset: number;
  #second = 0;
  #count = 0;
  #busySeconds = 0;
  isFlooded = false;
  /** Events in the last whole second. */
  rate = 0;

  constructor(onset: number) {
    this.#onset = onset;
  }

  /** Counts events at a time in milliseconds. Call it with 0 events too, at least once a second, or an end goes unseen. */
  add(events: number, nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.#second) this.#close(second - this.#second > 1);
    this.#second = second;
    this.#count += events;
  }

  #close(hadGap: boolean): void {
    this.rate = hadGap ? 0 : this.#count;
    this.#count = 0;
    this.#busySeconds = this.rate > this.#onset ? this.#busySeconds + 1 : 0;
    if (this.#busySeconds >= 2) this.isFlooded = true;
    if (this.rate < this.#onset / 2) this.isFlooded = false;
  }
}

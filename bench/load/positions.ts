const fieldStart = '{"position":';

/** Checks that events come at consecutive positions, in whatever text the JSON of each stands whole. */
export class Positions {
  #last: number;

  /** The first one comes right after this position. */
  constructor(after: number) {
    this.#last = after;
  }

  /** Of the last event. */
  get last(): number {
    return this.#last;
  }

  /** Throws at a gap, a double, or another order. */
  read(text: string): void {
    // In the text of a field the quotes would be escaped, so that this begins an event.
    for (let at = text.indexOf(fieldStart); at >= 0; at = text.indexOf(fieldStart, at)) {
      const expected = this.#last + 1;
      const position = parseInt(text.slice(at + fieldStart.length, at + fieldStart.length + 16), 10);
      if (position !== expected) throw new Error(`expected position ${String(expected)}; got ${String(position)}`);
      this.#last = position;
      at += fieldStart.length;
    }
  }
}

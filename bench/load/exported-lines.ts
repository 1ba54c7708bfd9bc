import { Positions } from './positions.ts';

/** Checks the lines of an export from the first position on: one event each. Empty ones mean nothing. */
export class ExportedLines {
  readonly #positions = new Positions(0);
  /** The beginning of a line whose end has not come yet. */
  #rest = '';
  #bytes = 0;

  /** Of all lines but the empty ones. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Returns how many events are complete with this chunk. */
  read(chunk: Buffer): number {
    const text = this.#rest + chunk.toString('latin1');
    const before = this.#positions.last;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      if (end > start) this.#check(text.slice(start, end));
      start = end + 1;
    }
    this.#rest = text.slice(start);
    return this.#positions.last - before;
  }

  /** Throws unless that was the last of so many. */
  end(events: number): void {
    if (this.#positions.last === events && this.#rest === '') return;
    throw new Error(`expected ${String(events)} lines; got ${String(this.#positions.last)}, then ${this.#rest}`);
  }

  #check(line: string): void {
    const expected = this.#positions.last + 1;
    this.#positions.read(line);
    if (this.#positions.last !== expected) throw new Error(`expected one event in a line; got ${line}`);
    this.#bytes += line.length + 1;
  }
}

import type { Position } from '../../pipeline/event.ts';

const nowhere: readonly Position[] = [];

/** Keys of ids and the positions of their events, in memory, until they are taken in the order of the keys. */
export class RecentIds {
  /** A list where ids share a key, which is rare. */
  readonly #positions = new Map<number, Position | readonly Position[]>();
  #sortedKeys: Float64Array | null = null;
  #taken = 0;
  /** The last position that was added. */
  #through: Position = 0;

  get size(): number {
    return this.#positions.size;
  }

  get through(): Position {
    return this.#through;
  }

  add(key: number, position: Position): void {
    const known = this.#positions.get(key);
    this.#positions.set(key, known === undefined ? position : [...asList(known), position]);
    this.#through = position;
  }

  at(key: number): readonly Position[] {
    const known = this.#positions.get(key);
    return known === undefined ? nowhere : asList(known);
  }

  /** Hands on the next keys, at most so many, ascending over all calls; nothing may be added any more. Returns whether there
   *  are more. What was handed on is still found by {@link at}. */
  take(most: number, receive: (key: number, position: Position) => void): boolean {
    this.#sortedKeys ??= Float64Array.from(this.#positions.keys()).sort();
    const end = Math.min(this.#taken + most, this.#sortedKeys.length);
    for (; this.#taken < end; this.#taken += 1) {
      const key = this.#sortedKeys[this.#taken] ?? 0;
      for (const position of this.at(key)) receive(key, position);
    }
    return end < this.#sortedKeys.length;
  }
}

function asList(positions: Position | readonly Position[]): readonly Position[] {
  return typeof positions === 'number' ? [positions] : positions;
}

import type { Position } from '../../pipeline/event.ts';

const nowhere: readonly Position[] = [];
/** A power of two. */
const slotsAtFirst = 1_024;

/** Keys of ids and the positions of their events, in memory, until they are taken in the order of the keys. A hash table with
 *  linear probing (Knuth, "The Art of Computer Programming" 6.4, algorithm L), at most half full: in a Map each number would be
 *  an object of its own, which takes twice the memory and has to be collected. */
export class RecentIds {
  #keys = new Float64Array(slotsAtFirst);
  /** 0 where a slot is empty. */
  #positions = new Float64Array(slotsAtFirst);
  #size = 0;
  #sortedKeys: Float64Array | null = null;
  #taken = 0;
  /** The last position that was added. */
  #through: Position = 0;

  get size(): number {
    return this.#size;
  }

  get through(): Position {
    return this.#through;
  }

  add(key: number, position: Position): void {
    if (this.#size * 2 >= this.#keys.length) this.#grow();
    this.#put(key, position);
    this.#size += 1;
    this.#through = position;
  }

  at(key: number): readonly Position[] {
    const found: Position[] = [];
    for (let slot = this.#slotOf(key); this.#positions[slot] !== 0; slot = this.#after(slot)) {
      if (this.#keys[slot] === key) found.push(this.#positions[slot] ?? 0);
    }
    return found.length === 0 ? nowhere : found;
  }

  /** Hands on the next keys, at most so many, ascending over all calls; nothing may be added any more. Returns whether there
   *  are more. What was handed on is still found by {@link at}. */
  take(most: number, receive: (key: number, position: Position) => void): boolean {
    this.#sortedKeys ??= this.#keys.filter((_, slot) => this.#positions[slot] !== 0).sort();
    const end = Math.min(this.#taken + most, this.#sortedKeys.length);
    for (; this.#taken < end; this.#taken += 1) {
      const key = this.#sortedKeys[this.#taken] ?? 0;
      // Ids that share a key, which is rare, are handed on with the first of them.
      if (key === this.#sortedKeys[this.#taken - 1]) continue;
      for (const position of this.at(key)) receive(key, position);
    }
    return end < this.#sortedKeys.length;
  }

  #put(key: number, position: Position): void {
    let slot = this.#slotOf(key);
    while (this.#positions[slot] !== 0) slot = this.#after(slot);
    this.#keys[slot] = key;
    this.#positions[slot] = position;
  }

  /** Keys are random in their lower bits, or count on in them. */
  #slotOf(key: number): number {
    return key & (this.#keys.length - 1);
  }

  #after(slot: number): number {
    return (slot + 1) & (this.#keys.length - 1);
  }

  #grow(): void {
    const [keys, positions] = [this.#keys, this.#positions];
    this.#keys = new Float64Array(keys.length * 2);
    this.#positions = new Float64Array(keys.length * 2);
    positions.forEach((position, slot) => {
      if (position !== 0) this.#put(keys[slot] ?? 0, position);
    });
  }
}

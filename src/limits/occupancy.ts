import type { AddressKey } from './address.ts';

/** Gives the place back; may be called again. */
export type Leave = () => void;

/** How many of something there may be at a time: all together, and for each address. */
export class Occupancy {
  readonly #total: number;
  readonly #perAddress: (key: AddressKey) => number;
  readonly #refused: () => void;
  readonly #counts = new Map<AddressKey, number>();
  #count = 0;

  /** `refused` is called for each one that there was no place for. */
  constructor(total: number, perAddress: (key: AddressKey) => number, refused: () => void) {
    this.#total = total;
    this.#perAddress = perAddress;
    this.#refused = refused;
  }

  get count(): number {
    return this.#count;
  }

  /** Takes a place, or returns null when there is none. */
  enter(key: AddressKey): Leave | null {
    const own = this.#counts.get(key) ?? 0;
    if (this.#count >= this.#total || own >= this.#perAddress(key)) {
      this.#refused();
      return null;
    }
    this.#count += 1;
    this.#counts.set(key, own + 1);
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      this.#count -= 1;
      const rest = (this.#counts.get(key) ?? 1) - 1;
      if (rest === 0) this.#counts.delete(key);
      else this.#counts.set(key, rest);
    };
  }
}

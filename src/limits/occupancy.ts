import type { AddressKey } from './address.ts';

/** Gives the place back; may be called again. */
export type Leave = () => void;

export interface OccupancyOptions {
  /** All together. */
  readonly total: number;
  readonly perAddress: (key: AddressKey) => number;
  readonly perToken?: number;
  /** Called for each one that there was no place for, with whose places they were. */
  readonly refused: (whose: 'all' | 'address' | 'token') => void;
}

/** How many of something there may be at a time: all together, for each address, and for each token. */
export class Occupancy {
  readonly #options: OccupancyOptions;
  readonly #byAddress = new Map<AddressKey, number>();
  readonly #byToken = new Map<string, number>();
  #count = 0;

  constructor(options: OccupancyOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#count;
  }

  /** Takes a place, or returns null when there is none. `token` is the id of the one that was shown, null for none. */
  enter(address: AddressKey, token: string | null = null): Leave | null {
    const full = this.#whatIsFull(address, token);
    if (full !== null) {
      this.#options.refused(full);
      return null;
    }
    this.#add(address, token, 1);
    let hasLeft = false;
    return () => {
      if (!hasLeft) this.#add(address, token, -1);
      hasLeft = true;
    };
  }

  #whatIsFull(address: AddressKey, token: string | null): 'all' | 'address' | 'token' | null {
    const { total, perAddress, perToken = Infinity } = this.#options;
    if (this.#count >= total) return 'all';
    if ((this.#byAddress.get(address) ?? 0) >= perAddress(address)) return 'address';
    return token !== null && (this.#byToken.get(token) ?? 0) >= perToken ? 'token' : null;
  }

  #add(address: AddressKey, token: string | null, change: 1 | -1): void {
    this.#count += change;
    addTo(this.#byAddress, address, change);
    if (token !== null) addTo(this.#byToken, token, change);
  }
}

function addTo(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

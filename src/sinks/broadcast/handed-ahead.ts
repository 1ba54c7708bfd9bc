/** Bytes to one, after which it is looked at again at the latest. */
const mostAhead = 64 * 1024;

/** What the members of a group were handed together since all of them were looked at. */
export class HandedAhead {
  /** What one of them held at most. */
  readonly #held: number;
  #each = 0;
  #total = 0;

  constructor(held: number) {
    this.#held = held;
  }

  /** Of all members, also of those that have left since. */
  get total(): number {
    return this.#total;
  }

  /** Whether none of them can come to hold more than `most` by these. */
  hasRoom(bytes: number, most: number): boolean {
    const each = this.#each + bytes;
    return each <= mostAhead && this.#held + each <= most;
  }

  /** Returns how much that is for all. */
  hand(bytes: number, members: number): number {
    const all = bytes * members;
    this.#each += bytes;
    this.#total += all;
    return all;
  }
}

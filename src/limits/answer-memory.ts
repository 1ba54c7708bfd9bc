import type { Leave } from './occupancy.ts';

interface Waiting {
  readonly bytes: number;
  readonly cut: () => void;
}

/** Memory of answers that their readers are slow to take. When all of them need more than there is, the one that has waited
 *  longest is cut off: a reader that takes nothing, and not the one that has only begun. */
export class AnswerMemory {
  readonly #most: number;
  readonly #refused: () => void;
  /** Oldest first. */
  readonly #waiting = new Set<Waiting>();
  #held = 0;

  /** `refused` is called for each one that is cut off. */
  constructor(most: number, refused: () => void) {
    this.#most = most;
    this.#refused = refused;
  }

  get held(): number {
    return this.#held;
  }

  /** Holds so many bytes until they are given back, or until `cut` is called. */
  hold(bytes: number, cut: () => void): Leave {
    const waiting = { bytes, cut };
    this.#waiting.add(waiting);
    this.#held += bytes;
    this.#makeRoom();
    return () => {
      this.#forget(waiting);
    };
  }

  #makeRoom(): void {
    for (const oldest of this.#waiting) {
      if (this.#held <= this.#most) return;
      this.#forget(oldest);
      this.#refused();
      oldest.cut();
    }
  }

  #forget(waiting: Waiting): void {
    if (this.#waiting.delete(waiting)) this.#held -= waiting.bytes;
  }
}

/** Memory that many share. */
export class ByteBudget {
  readonly #most: number;
  readonly #refused: () => void;
  #held = 0;

  /** `refused` is called whenever something does not fit. */
  constructor(most: number, refused: () => void) {
    this.#most = most;
    this.#refused = refused;
  }

  get held(): number {
    return this.#held;
  }

  /** Whether there was room for so many bytes more; then they are held until they are released. */
  hold(bytes: number): boolean {
    if (this.#held + bytes > this.#most) {
      this.#refused();
      return false;
    }
    this.#held += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#held -= bytes;
  }
}

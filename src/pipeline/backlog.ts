/** What has been taken in but not settled yet, over all inputs. Sources read no further while it is full, so that a slow
 *  disk becomes a closed TCP window instead of memory. */
export interface Backlog {
  readonly isFull: boolean;
  readonly events: number;
  readonly bytes: number;
  /** Calls back once when there is room again; at once if there is. Callers are served in the order of asking. */
  whenRoom(callback: () => void): void;
}

export interface BacklogLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** Two full batches of events and then some: enough to keep the writer busy, little enough to stay small in memory. */
const defaultBacklogLimits: BacklogLimits = { maxEvents: 32_768, maxBytes: 16 * 1024 * 1024 };

export class BoundedBacklog implements Backlog {
  readonly #limits: BacklogLimits;
  #events = 0;
  #bytes = 0;
  #waiting: (() => void)[] = [];

  constructor(limits: BacklogLimits = defaultBacklogLimits) {
    this.#limits = limits;
  }

  get isFull(): boolean {
    return this.#events >= this.#limits.maxEvents || this.#bytes >= this.#limits.maxBytes;
  }

  get events(): number {
    return this.#events;
  }

  get bytes(): number {
    return this.#bytes;
  }

  whenRoom(callback: () => void): void {
    if (this.isFull) this.#waiting.push(callback);
    else callback();
  }

  add(bytes: number): void {
    this.#events += 1;
    this.#bytes += bytes;
  }

  /** Callbacks run as long as there is room: each may fill it again. */
  remove(events: number, bytes: number): void {
    this.#events -= events;
    this.#bytes -= bytes;
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    let served = 0;
    while (served < waiting.length && !this.isFull) waiting[served++]?.();
    this.#waiting = waiting.slice(served).concat(this.#waiting);
  }
}

import { accessChannels, type AccessChannel, type AccessFailure } from '../pipeline/access.ts';

/** A sensor without its token tries again all day, and whoever guesses does so many times a second. */
const warnEveryMs = 600_000;

export interface AccessFailuresOptions {
  readonly clock: () => number;
  /** Into the hub's own log. */
  readonly warn: (message: string) => void;
}

/** Counts who was refused for want of a valid token. The first is warned of, and of those that follow over the same channel
 *  one in ten minutes. */
export class AccessFailures {
  readonly #options: AccessFailuresOptions;
  readonly #counts = new Map<AccessChannel, number>(accessChannels.map((channel) => [channel, 0]));
  readonly #quietUntil = new Map<AccessChannel, number>();

  constructor(options: AccessFailuresOptions) {
    this.#options = options;
  }

  /** Since the start. */
  get counts(): ReadonlyMap<AccessChannel, number> {
    return this.#counts;
  }

  add({ channel, address, shown }: AccessFailure): void {
    const count = (this.#counts.get(channel) ?? 0) + 1;
    this.#counts.set(channel, count);
    const now = this.#options.clock();
    if (now < (this.#quietUntil.get(channel) ?? 0)) return;
    this.#quietUntil.set(channel, now + warnEveryMs);
    const total = `${String(count)} since the start, told of once in ten minutes at most`;
    this.#options.warn(`${channel}: ${address} was refused, having shown ${shown} (${total})`);
  }
}

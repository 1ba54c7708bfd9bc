import type { AddressKey } from '../limits/address.ts';
import type { LimitName, Refusals } from '../limits/refusals.ts';
import { RefusedError } from '../pipeline/codes.ts';

const minuteMs = 60_000;
/** Of addresses that are remembered; the one that failed longest ago is forgotten for one more. */
const maxAddresses = 10_000;

export interface FailureLimitOptions {
  readonly clock: () => number;
  /** In a minute. */
  readonly most: number;
  /** For people, as `logins failed`. */
  readonly what: string;
  /** Where it is counted that an address has failed too often, and as what. */
  readonly refusals: Refusals;
  readonly limit: LimitName;
}

/** Bounds how often one address may fail in a minute. */
export class FailureLimit {
  readonly #options: FailureLimitOptions;
  /** When each address failed lately, oldest first; the addresses too. */
  readonly #failures = new Map<AddressKey, readonly number[]>();

  constructor(options: FailureLimitOptions) {
    this.#options = options;
  }

  /** Throws `rate_limited` when the address has failed too often. */
  check(address: AddressKey): void {
    const { clock, most, what, refusals, limit } = this.#options;
    const recent = this.#recent(address);
    const [oldest] = recent;
    if (oldest === undefined || recent.length < most) return;
    refusals.count(limit);
    const seconds = Math.max(1, Math.ceil((oldest + minuteMs - clock()) / 1_000));
    throw new RefusedError('rate_limited', `more than ${String(most)} ${what} in a minute`, seconds);
  }

  failed(address: AddressKey): void {
    const recent = [...this.#recent(address), this.#options.clock()];
    this.#failures.delete(address);
    this.#failures.set(address, recent);
    const [first] = this.#failures.keys();
    if (this.#failures.size > maxAddresses && first !== undefined) this.#failures.delete(first);
  }

  #recent(address: AddressKey): readonly number[] {
    const now = this.#options.clock();
    return (this.#failures.get(address) ?? []).filter((at) => now - at < minuteMs);
  }
}

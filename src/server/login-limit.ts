import { RefusedError } from '../pipeline/codes.ts';

const maxFailures = 10;
const minuteMs = 60_000;
/** Of addresses that are remembered; the one that failed longest ago is forgotten for one more. */
const maxAddresses = 10_000;

/** Bounds how often one address may show a wrong token in a minute. */
export class LoginLimit {
  readonly #clock: () => number;
  /** When each address failed lately, oldest first; the addresses too. */
  readonly #failures = new Map<string, readonly number[]>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Throws `rate_limited` when the address has failed too often. */
  check(address: string): void {
    const recent = this.#recent(address);
    const [oldest] = recent;
    if (oldest === undefined || recent.length < maxFailures) return;
    const seconds = Math.max(1, Math.ceil((oldest + minuteMs - this.#clock()) / 1_000));
    throw new RefusedError('rate_limited', `more than ${String(maxFailures)} logins failed in a minute`, seconds);
  }

  failed(address: string): void {
    const recent = [...this.#recent(address), this.#clock()];
    this.#failures.delete(address);
    this.#failures.set(address, recent);
    const [first] = this.#failures.keys();
    if (this.#failures.size > maxAddresses && first !== undefined) this.#failures.delete(first);
  }

  #recent(address: string): readonly number[] {
    const now = this.#clock();
    return (this.#failures.get(address) ?? []).filter((at) => now - at < minuteMs);
  }
}

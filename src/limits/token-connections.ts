import { Occupancy, type Leave } from './occupancy.ts';
import { RateLimit } from './rate-limit.ts';
import type { Refusals } from './refusals.ts';
import type { LimitSettings } from './settings.ts';

type TokenConnectionSettings = Pick<LimitSettings, 'connectionsPerToken' | 'connectsPerSecondPerToken'>;

/** Those of all addresses count together. */
const anyAddress = '';

/** TCP connections and WebSockets by the token that they show, from whatever address: how many there may be at a time, and how
 *  many may begin in a second. */
export class TokenConnections {
  readonly #places: Occupancy;
  readonly #rate: RateLimit | null;
  readonly #refusals: Refusals;

  constructor(settings: TokenConnectionSettings, refusals: Refusals, clock: () => number) {
    const { connectionsPerToken: perToken = Infinity, connectsPerSecondPerToken: perSecond } = settings;
    this.#places = new Occupancy({
      total: Infinity,
      perAddress: () => Infinity,
      perToken,
      refused: () => {
        refusals.count('token_connections');
      },
    });
    this.#rate = perSecond === undefined ? null : new RateLimit(perSecond, clock);
    this.#refusals = refusals;
  }

  /** Takes a place for one that shows the token of this id, or none; returns null when it may not. */
  enter(token: string | null): Leave | null {
    if (token === null) return () => undefined;
    const leave = this.#places.enter(anyAddress, token);
    if (leave !== null && this.#rate !== null && this.#rate.waitMs(token) > 0) {
      this.#refusals.count('token_connects');
      leave();
      return null;
    }
    if (leave !== null) this.#rate?.take(token);
    return leave;
  }
}

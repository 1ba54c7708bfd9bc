import { addTo, type Leave } from './occupancy.ts';
import { RateLimit } from './rate-limit.ts';
import type { Refusals } from './refusals.ts';
import type { LimitSettings } from './settings.ts';

type TokenConnectionSettings = Pick<LimitSettings, 'connectionsPerToken' | 'connectsPerSecondPerToken'>;

/** TCP connections and WebSockets by the token that they show, from whatever address: how many there may be at a time, and how
 *  many may begin in a second. */
export class TokenConnections {
  readonly #most: number;
  readonly #rate: RateLimit | null;
  readonly #refusals: Refusals;
  readonly #open = new Map<string, number>();

  constructor(settings: TokenConnectionSettings, refusals: Refusals, clock: () => number) {
    const { connectionsPerToken = Infinity, connectsPerSecondPerToken: perSecond } = settings;
    this.#most = connectionsPerToken;
    this.#rate = perSecond === undefined ? null : new RateLimit(perSecond, clock);
    this.#refusals = refusals;
  }

  /** Takes a place for one that shows the token of this id, or none; returns null when it may not. */
  enter(token: string | null): Leave | null {
    if (token === null) return () => undefined;
    if ((this.#open.get(token) ?? 0) >= this.#most) {
      this.#refusals.count('token_connections');
      return null;
    }
    if (this.#rate !== null && this.#rate.waitMs(token) > 0) {
      this.#refusals.count('token_connects');
      return null;
    }
    this.#rate?.take(token);
    addTo(this.#open, token, 1);
    let hasLeft = false;
    return () => {
      if (!hasLeft) addTo(this.#open, token, -1);
      hasLeft = true;
    };
  }
}

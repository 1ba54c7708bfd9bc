import type { Limits } from '../limits/limits.ts';
import { RefusedError } from '../pipeline/codes.ts';
import type { GuardedRoute } from './router.ts';

/** The same routes, of which only so many read the log at a time; the others are refused. A stream counts until it has
 *  begun: from then on its subscription does. */
export function inTurns(
  routes: readonly GuardedRoute[],
  { historyReads }: Pick<Limits, 'historyReads'>,
): readonly GuardedRoute[] {
  return routes.map(({ handle, ...route }) => ({
    ...route,
    handle: async (exchange, parameters, principal) => {
      const leave = historyReads.enter(exchange.clientKey, principal.token);
      if (leave === null) {
        throw new RefusedError('rate_limited', 'too many reads of the log at a time; wait for some to end', 1);
      }
      try {
        await handle(exchange, parameters, principal);
      } finally {
        leave();
      }
    },
  }));
}

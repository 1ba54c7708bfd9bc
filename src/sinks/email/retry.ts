const firstMs = 5_000;
const longestMs = 30 * 60_000;
/** How long a mail is tried before it is given up. */
export const giveUpMs = 48 * 60 * 60_000;

const firstPauseMs = 60_000;
const longestPauseMs = 15 * 60_000;

/** How long to wait after this many failed attempts: anything up to a bound that doubles from 5 s to 30 min, so that many hubs
 *  do not return to a recovering mail server in the same second. `random` gives 0 to 1. */
export function retryWaitMs(attempts: number, leastMs: number, random: () => number): number {
  const bound = Math.min(longestMs, firstMs * 2 ** Math.min(attempts - 1, 30));
  return Math.max(leastMs, Math.round(random() * bound));
}

/** How long to leave a mail server alone that has refused this many mails in a row because of the settings. */
export function pauseMs(refusals: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(refusals - 1, 30));
}

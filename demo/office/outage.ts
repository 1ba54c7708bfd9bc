const second = 1_000;

/** How long after the start of the demo the power fails in rack B for the first time, and how often it does. */
const firstAfterMs = 15 * second;
const everyMs = 7 * 60 * second;

/** What does not work at a moment. One thing leads to the next, and everything works again at the end. */
export interface Outage {
  readonly isMainsOff: boolean;
  readonly isCoolingOff: boolean;
  readonly isUplinkDown: boolean;
  readonly isWebDown: boolean;
}

/** The same story every seven minutes, before the demo's start too (`sinceStartMs` below 0): the mains fail, the cooling
 *  stops, the switch of the rack restarts, its web servers are not reached; a minute later all is well. */
export function outageAt(sinceStartMs: number): Outage {
  const at = (((sinceStartMs - firstAfterMs) % everyMs) + everyMs) % everyMs;
  const isWithin = (fromS: number, toS: number) => at >= fromS * second && at < toS * second;
  return {
    isMainsOff: isWithin(0, 45),
    isCoolingOff: isWithin(2, 50),
    isUplinkDown: isWithin(5, 30),
    isWebDown: isWithin(9, 36),
  };
}

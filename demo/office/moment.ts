import type { Outage } from './outage.ts';
import type { Random } from './random.ts';

/** All that a device knows of the world beside its own state. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Since the step before. */
  readonly elapsedMs: number;
  readonly random: Random;
  readonly outage: Outage;
}

/** Whether a device that says something every `everyMs` says it now; `phaseMs` keeps devices from speaking all at once. */
export function isDue({ now, elapsedMs }: Moment, everyMs: number, phaseMs = 0): boolean {
  return Math.floor((now + phaseMs) / everyMs) !== Math.floor((now + phaseMs - elapsedMs) / everyMs);
}

import { Limits } from '../../src/limits/limits.ts';
import { limitSettings, type LimitSettings } from '../../src/limits/settings.ts';

export interface SomeLimits extends Partial<LimitSettings> {
  readonly trustedProxies?: readonly string[];
  readonly clock?: () => number;
}

/** The defaults, but for what the test says; spans and sizes as numbers. */
export function someLimits({ trustedProxies = [], clock, ...settings }: SomeLimits = {}): Limits {
  const all = { ...limitSettings.parse({}), ...settings };
  return new Limits({ settings: all, trustedProxies, ...(clock === undefined ? {} : { clock }) });
}

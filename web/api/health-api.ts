import type { LogState } from '../../src/pipeline/log-condition.ts';
import { getJson } from './hub-api.ts';

/** How the log is, as `GET /healthz` says it. */
export interface LogHealth {
  readonly state: LogState;
  /** In the hub's words; null while the log takes events. */
  readonly reason: string | null;
}

/** Reads the health of the log of the hub that served this page. */
export function logHealthReader(base: string): (signal: AbortSignal) => Promise<LogHealth> {
  return async (signal) => ((await getJson(new URL('healthz', base), signal)) as { readonly log: LogHealth }).log;
}

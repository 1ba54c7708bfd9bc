import { withCpuTime, type CostedResult } from '../cpu-time.ts';
import { withHub, type HubOptions, type HubProcess } from '../hub-process.ts';
import type { LoadResult } from '../load/tally.ts';

/** Runs a load against a hub, and checks afterwards that the hub holds what it has acknowledged. */
export function loadHub<Result extends LoadResult>(
  dataDir: string,
  load: (hub: HubProcess) => Promise<Result>,
  options?: HubOptions,
): Promise<CostedResult<Result>> {
  return withHub(dataDir, (hub) => withCpuTime(hub.pid, () => load(hub)), options);
}

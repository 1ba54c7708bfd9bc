import { withCpuTime, type CostedResult } from '../cpu-time.ts';
import { withHub, type HubProcess } from '../hub-process.ts';
import type { LoadResult } from '../load/tally.ts';

/** Runs a load against a new hub, and checks afterwards that the hub holds what it has acknowledged. */
export function loadHub(
  dataDir: string,
  load: (hub: HubProcess) => Promise<LoadResult>,
  nodeOptions: readonly string[] = [],
): Promise<CostedResult> {
  return withHub(dataDir, (hub) => withCpuTime(hub.pid, () => load(hub)), nodeOptions);
}

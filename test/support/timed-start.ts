import { startHubProcess, type HubOptions, type HubProcess } from './hub.ts';

const readyWithinMs = 3_000;
/** Where the machine has so much else to do that even a hub without a log takes seconds to start. */
const readyWithinStarts = 2;

/** Starts a hub in a process of its own and takes the time until it is ready. */
export async function timedStart(options: HubOptions): Promise<{ readonly hub: HubProcess; readonly startMs: number }> {
  const began = performance.now();
  const hub = await startHubProcess(options);
  return { hub, startMs: performance.now() - began };
}

/** What the median of the starts may take: one of them may meet whatever else the machine does. */
export function longestMedianMs(emptyStartMs: number): number {
  return Math.max(readyWithinMs, emptyStartMs * readyWithinStarts);
}

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { residentBytes } from './process-memory.ts';

/** Whether the system tells what a process uses, as Linux does. */
export const canSample = existsSync('/proc/self/fd');

/** What a running hub uses at one moment. */
export interface ProcessSample {
  readonly atMs: number;
  /** Bytes of memory that are its own now. */
  readonly rss: number;
  readonly fds: number;
  readonly walBytes: number;
}

export function sampleProcess(pid: number, dataDir: string): ProcessSample {
  const rss = residentBytes(pid, 'VmRSS');
  const fds = readdirSync(`/proc/${pid}/fd`).length;
  const walBytes = statSync(join(dataDir, 'hub.db-wal')).size;
  return { atMs: performance.now(), rss, fds, walBytes };
}

/** How fast memory grows, in bytes an hour: the slope of the line through the samples. */
export function rssSlope(samples: readonly ProcessSample[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const hours = samples.map(({ atMs }) => atMs / 3_600_000);
  const [meanHours, meanRss] = [mean(hours), mean(samples.map(({ rss }) => rss))];
  let [above, below] = [0, 0];
  samples.forEach(({ rss }, index) => {
    const distance = (hours[index] ?? 0) - meanHours;
    above += distance * (rss - meanRss);
    below += distance * distance;
  });
  return below === 0 ? 0 : above / below;
}

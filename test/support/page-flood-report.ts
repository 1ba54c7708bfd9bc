import { execFile } from 'node:child_process';
import { loadavg } from 'node:os';
import { promisify } from 'node:util';
import { percentile } from '../../bench/stats.ts';
import type { PageRecord } from './page-probe.ts';
import type { Vitals } from './page-vitals.ts';

/** The page and the hub when the page had come to a position. */
export interface Sample {
  readonly position: number;
  readonly vitals: Vitals;
  /** Rows that exist as elements. */
  readonly rows: number;
  /** KiB of the hub's process. */
  readonly hubMemory: number;
}

/** KiB of memory that a process has; NaN where the system has no `ps`. */
export async function memoryOf(pid: number): Promise<number> {
  const listed = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]).catch(() => ({ stdout: 'NaN' }));
  return Number(listed.stdout);
}

/** Milliseconds between each frame and the next. */
export function frameTimes({ frames }: PageRecord): readonly number[] {
  return frames.slice(1).map((at, index) => at - (frames[index] ?? at));
}

/** The figures of a flood, to be read by a person: no machine is promised any of them. */
export function reportFlood(record: PageRecord, sentAt: readonly number[], samples: readonly Sample[]): string {
  const times = frameTimes(record);
  const seconds = times.reduce((sum, time) => sum + time, 0) / 1000;
  const delays = delaysOf(record, sentAt);
  return [
    `load average ${loadavg().map(rounded).join(', ')}`,
    `frames: ${rounded(times.length / seconds)} a second; ms between them: ${quantiles(times)}`,
    `tasks over 50 ms: ${String(record.longTasks.length)}, the longest ${rounded(Math.max(0, ...record.longTasks))} ms`,
    `ms from sent to on the page: ${quantiles(delays)}`,
    ...samples.map(sampleLine),
  ].join('\n');
}

function sampleLine({ position, vitals, rows, hubMemory }: Sample, index: number, all: readonly Sample[]): string {
  const before = all[index - 1]?.vitals;
  const spent = (part: 'busy' | 'script' | 'styleAndLayout' | 'browser') =>
    rounded(vitals[part] - (before?.[part] ?? 0));
  const parts = `script ${spent('script')}, style and layout ${spent('styleAndLayout')}`;
  const cpu = `s of processor: main thread ${spent('busy')} (${parts}), browser ${spent('browser')}`;
  const memory = `heap ${rounded(vitals.heap / 1024 ** 2)} MiB, ${String(vitals.nodes)} nodes, ${String(rows)} rows`;
  return `at ${String(position)}: ${memory}, ${cpu}; hub ${rounded(hubMemory / 1024)} MiB`;
}

/** Of each event, how long after it was sent the first frame that had it was drawn. */
function delaysOf({ frames, seen }: PageRecord, sentAt: readonly number[]): readonly number[] {
  let frame = 0;
  return sentAt.flatMap((sent, index) => {
    while (frame < frames.length && (seen[frame] ?? 0) <= index) frame += 1;
    const at = frames[frame];
    return at === undefined ? [] : [at - sent];
  });
}

function quantiles(values: readonly number[]): string {
  const shares = [0.5, 0.95, 0.99, 1].map((share) => `p${String(share * 100)} ${rounded(percentile(values, share))}`);
  return shares.join(', ');
}

function rounded(value: number): string {
  return value.toFixed(1);
}

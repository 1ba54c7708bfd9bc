import fs from 'node:fs';
import type { LoadResult } from './load/tally.ts';

export type CostedResult<Result extends LoadResult = LoadResult> = Result & { readonly cpuSecondsPerMillion: number };

/** Runs a load against a server and adds what it cost that one's process. */
export async function withCpuTime<Result extends LoadResult>(
  pid: number,
  load: () => Promise<Result>,
): Promise<CostedResult<Result>> {
  const before = cpuSeconds(pid);
  const result = await load();
  return { ...result, cpuSecondsPerMillion: ((cpuSeconds(pid) - before) / result.events) * 1_000_000 };
}

/** Processor time that a process, all its threads, has used; NaN where the system does not tell. */
function cpuSeconds(pid: number): number {
  try {
    const stat = fs.readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // Fields 14 and 15 (proc(5)) in hundredths of a second; the name, in brackets, may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return NaN;
  }
}

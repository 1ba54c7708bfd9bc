import { readFileSync } from 'node:fs';

/** Bytes that a process of this machine has in memory: all of them (`VmRSS`), or those that are in no file (`RssAnon`). NaN
 *  where the system does not tell. */
export function residentBytes(pid: number, kind: 'VmRSS' | 'RssAnon'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${kind}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
}

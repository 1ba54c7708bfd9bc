import { readFile } from 'node:fs/promises';

/** Bytes that a process of this machine has in memory and that are in no file. */
export async function anonymousBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

import fs from 'node:fs';

/** What a process has open besides its connections. */
const others = 200;

/** Throws when a process may not have so many connections open. Node.js raises what a process may have to what the system lets
 *  it, at its start. */
export function requireConnections(count: number): void {
  const limit = openFilesLimit();
  if (count + others <= limit) return;
  throw new Error(
    `${String(count)} connections need as many open files, and a process may have ${String(limit)}; raise that, as by ulimit -Hn ${String(count + others)}`,
  );
}

/** Infinity where the system does not tell. */
function openFilesLimit(): number {
  try {
    const [, soft = ''] = /^Max open files\s+(\S+)/m.exec(fs.readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === 'unlimited' ? Infinity : Number(soft);
  } catch {
    return Infinity;
  }
}

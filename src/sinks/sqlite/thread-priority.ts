import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Lets every other thread go before this one, which nobody waits for. On Linux priorities are those of threads, whatever
 *  POSIX says; elsewhere nothing is done. */
export function goLast(): void {
  if (process.platform !== 'linux') return;
  const threadId = Number(path.basename(fs.readlinkSync('/proc/thread-self')));
  os.setPriority(threadId, os.constants.priority.PRIORITY_LOW);
}

import fs from 'node:fs';
import path from 'node:path';
import { fsync } from './durable-file.ts';
import { removeCopy } from './log-copy.ts';
import { logFileOf } from './log-file.ts';

/** A restored log that waits for its place has a name of its own. While there is one, it is the log of the directory: whoever
 *  has the directory's lock and finds it sets aside what is in its place and puts it there. So a restore is one rename, and
 *  the WAL of the old log never meets the new file. */
const ending = '.restored-';

export function restoredFile(dataDir: string, stamp: string): string {
  return `${logFileOf(dataDir)}${ending}${stamp}`;
}

/** One that is still being copied or checked. */
export function restoringFile(dataDir: string): string {
  return `${logFileOf(dataDir)}.restoring`;
}

/** Puts a restored log in its place, if one waits, and removes one that was given up. Returns where the log is that was there, or null. */
export function finishRestore(dataDir: string): string | null {
  const log = logFileOf(dataDir);
  removeCopy(restoringFile(dataDir));
  const prefix = path.basename(log) + ending;
  const waiting = fs.readdirSync(dataDir).find((name) => name.startsWith(prefix));
  if (waiting === undefined) return null;
  const aside = `${log}.replaced-${waiting.slice(prefix.length)}`;
  for (const file of ['', '-wal']) moveIfThere(log + file, aside + file);
  fs.rmSync(`${log}-shm`, { force: true });
  fsync(dataDir);
  fs.renameSync(path.join(dataDir, waiting), log);
  fsync(dataDir);
  return fs.existsSync(aside) ? aside : null;
}

function moveIfThere(from: string, to: string): void {
  if (fs.existsSync(from)) fs.renameSync(from, to);
}

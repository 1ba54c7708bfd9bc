import fs from 'node:fs';
import path from 'node:path';
import { fsync, removeCopy } from './durable-file.ts';
import { lockDirectory } from './directory-lock.ts';
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
  const waiting = waitingIn(dataDir);
  if (waiting === undefined) return null;
  const aside = `${log}.replaced-${waiting.slice(path.basename(log).length + ending.length)}`;
  for (const file of ['', '-wal']) moveIfThere(log + file, aside + file);
  fs.rmSync(`${log}-shm`, { force: true });
  fsync(dataDir);
  fs.renameSync(path.join(dataDir, waiting), log);
  fsync(dataDir);
  return fs.existsSync(aside) ? aside : null;
}

/** For who reads a log that perhaps no hub holds: finishes a restore that was killed, or the one that it would read is the log
 *  that was to be replaced. Throws when whoever holds the directory is about to do so. */
export function settleRestore(dataDir: string): void {
  if (!fs.existsSync(dataDir) || waitingIn(dataDir) === undefined) return;
  const unlock = lockToSettle(dataDir);
  try {
    finishRestore(dataDir);
  } finally {
    unlock();
  }
}

function lockToSettle(dataDir: string): () => void {
  try {
    return lockDirectory(dataDir);
  } catch (error) {
    const message = `a log is being restored in ${dataDir}; try again when that is done`;
    throw new Error(`${message} (${(error as Error).message})`, { cause: error });
  }
}

function waitingIn(dataDir: string): string | undefined {
  const prefix = path.basename(logFileOf(dataDir)) + ending;
  return fs.readdirSync(dataDir).find((name) => name.startsWith(prefix));
}

function moveIfThere(from: string, to: string): void {
  if (fs.existsSync(from)) fs.renameSync(from, to);
}

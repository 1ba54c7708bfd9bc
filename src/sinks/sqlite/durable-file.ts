import fs from 'node:fs';
import path from 'node:path';

/** Makes what was written to a file, or the names in a directory, survive a power cut. */
export function fsync(fileOrDirectory: string): void {
  const handle = fs.openSync(fileOrDirectory, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/** Gives a file its name, in place of what had it, at once and for good: at any moment the name stands for the old or the
 *  new file, whole. Both are in one directory. */
export function renameDurably(from: string, to: string): void {
  fsync(from);
  fs.renameSync(from, to);
  fsync(path.dirname(to));
}

/** Removes what a copy that was given up has left. */
export function removeCopy(file: string): void {
  for (const ending of ['', '-journal', '-wal', '-shm']) fs.rmSync(file + ending, { force: true });
}

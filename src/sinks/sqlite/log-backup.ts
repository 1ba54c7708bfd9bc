import fs from 'node:fs';
import path from 'node:path';
import { renameDurably, removeCopy } from './durable-file.ts';
import { checkCopy, copyDatabase, type CopiedLog, type CopyProgress } from './log-copy.ts';
import { hasLog, logFileOf, openForReading } from './log-file.ts';
import { settleRestore } from './restored-file.ts';

export interface BackupOptions {
  readonly dataDir: string;
  readonly file: string;
  /** Whether it may take the place of a file of that name. */
  readonly mayReplace: boolean;
  readonly onProgress: (progress: CopyProgress) => void;
  readonly signal: AbortSignal;
}

/** Copies the log of a data directory to a file, beside a running hub or without one. The copy holds everything that was
 *  acknowledged before the call; it is checked and on the disk before it gets its name, so that the name never stands for
 *  half a backup. Rejects, with a message for people and nothing left behind, when that cannot be done. */
export async function backUpLog(options: BackupOptions): Promise<CopiedLog> {
  const { dataDir, file, mayReplace, onProgress, signal } = options;
  settleRestore(dataDir);
  if (!hasLog(dataDir)) throw new Error(`there is no log in ${dataDir}`);
  if (!mayReplace && fs.existsSync(file))
    throw new Error(`${file} is there already; --replace puts the new one in its place`);
  removeAbandoned(file);
  requireRoom(logFileOf(dataDir), file);
  const partial = `${file}.${String(process.pid)}${partialEnding}`;
  const step = (progress: CopyProgress) => {
    signal.throwIfAborted();
    onProgress(progress);
  };
  try {
    const db = openForReading(dataDir);
    try {
      await copyDatabase(db, partial, step);
    } finally {
      db.close();
    }
    const copied = await checkCopy(partial, step);
    renameDurably(partial, file);
    return copied;
  } catch (error) {
    removeCopy(partial);
    throw error;
  }
}

const partialEnding = '.partial';

/** What backups to this file left behind that were killed. */
function removeAbandoned(file: string): void {
  const { dir, base } = path.parse(path.resolve(file));
  for (const name of fs.readdirSync(dir)) {
    if (!name.startsWith(`${base}.`) || !name.endsWith(partialEnding)) continue;
    const pid = name.slice(base.length + 1, -partialEnding.length);
    if (/^\d+$/.test(pid) && !isAlive(Number(pid))) removeCopy(path.join(dir, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function requireRoom(source: string, file: string): void {
  const { bavail, bsize } = fs.statfsSync(path.dirname(path.resolve(file)));
  const needed = fs.statSync(source).size;
  const [free, wanted] = [bavail * bsize, needed].map((bytes) => Math.ceil(bytes / 1024 / 1024));
  if (bavail * bsize < needed) {
    throw new Error(`${String(free)} MiB are free for ${file}, and ${String(wanted)} MiB are needed; free some space`);
  }
}

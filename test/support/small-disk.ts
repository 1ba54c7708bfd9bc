import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { makeTempDir } from './temp-dir.ts';

const run = promisify(execFile);

/** Whether file systems can be mounted here; says so on standard error if not. */
export async function canMount(): Promise<boolean> {
  try {
    await run('unshare', ['--mount', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', '/mnt']);
    return true;
  } catch {
    process.stderr.write('skipped: file systems cannot be mounted here; run as root on Linux\n');
    return false;
  }
}

export interface SmallDisk {
  readonly path: string;
  /** Changes mount options, as `size=64m` or `ro`. */
  remount(options: string): Promise<void>;
}

/** A disk of its own, in memory, gone when the running test has finished. */
export async function mountSmallDisk(mebibytes: number): Promise<SmallDisk> {
  const path = await makeTempDir();
  await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path]);
  return mounted(path);
}

function mounted(path: string): SmallDisk {
  onTestFinished(async () => {
    await run('umount', ['--lazy', path]);
  });
  return {
    path,
    remount: async (options) => {
      await run('mount', ['-o', `remount,${options}`, path]);
    },
  };
}

/** A file system in a file, which can be made read-only with `abort` though files on it are open. */
export async function mountAbortableDisk(mebibytes: number): Promise<SmallDisk> {
  const [image, path] = [join(await makeTempDir(), 'image'), await makeTempDir()];
  await run('truncate', ['-s', `${mebibytes}M`, image]);
  await run('mkfs.ext4', ['-q', image]);
  await run('mount', ['-o', 'loop', image, path]);
  return mounted(path);
}

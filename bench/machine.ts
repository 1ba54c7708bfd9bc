import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import { promisify } from 'node:util';

/** What the figures depend on, as `name: value` lines. */
export async function describeMachine(directory: string): Promise<readonly (readonly [string, string])[]> {
  const processors = os.cpus();
  return [
    ['Processor', `${processors[0]?.model.trim() ?? 'unknown'}, ${String(processors.length)} cores`],
    ['Memory', `${String(Math.round(os.totalmem() / 1024 ** 3))} GiB`],
    ['Node', process.version],
    ['Kernel', `${os.type()} ${os.release()}`],
    ['File system', await fileSystemOf(directory)],
    ['Commit', await commit()],
    [
      'Load average before the run',
      os
        .loadavg()
        .map((load) => load.toFixed(1))
        .join(', '),
    ],
  ];
}

/** Type of the file system that holds the directory, by the longest mount point above it. */
async function fileSystemOf(directory: string): Promise<string> {
  try {
    const mounts = (await fs.readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
    const real = `${await fs.realpath(directory)}/`;
    const above = mounts.filter(([, point = '?']) => real.startsWith(point === '/' ? point : `${point}/`));
    // Of two mounted on one point the later covers the earlier.
    const best = above.reduce((found, mount) => ((mount[1] ?? '').length >= (found[1] ?? '').length ? mount : found));
    return best[2] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

async function commit(): Promise<string> {
  try {
    const git = async (...args: string[]) => (await promisify(execFile)('git', args)).stdout.trim();
    const changes = await git('status', '--porcelain', '--', 'src', 'bin', 'package-lock.json');
    return `${await git('rev-parse', '--short', 'HEAD')}${changes === '' ? '' : ', with changes in src'}`;
  } catch {
    return 'unknown';
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Milliseconds that Node itself takes to start and end. */
export async function bareNodeMs(): Promise<number> {
  const startedAt = performance.now();
  await once(runNode('0'), 'exit');
  return performance.now() - startedAt;
}

/** Calls `use` with the process id of a Node that does nothing. */
export async function withBareNode<T>(use: (pid: number) => Promise<T>): Promise<T> {
  const child = runNode('process.stdin.resume()');
  const exited = once(child, 'exit');
  try {
    await once(child, 'spawn');
    return await use(child.pid ?? 0);
  } finally {
    child.kill();
    await exited;
  }
}

/** It ends with this process at the latest, when its standard input does. */
function runNode(program: string): ChildProcess {
  return spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'ignore', 'inherit'] });
}

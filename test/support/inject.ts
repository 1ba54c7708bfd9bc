import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { waitFor } from './deadline.ts';
import { canTrace } from './sync-trace.ts';

/** Whether faults can be injected into system calls here; says so on standard error if not. */
export async function canInject(): Promise<boolean> {
  if (await canTrace()) return true;
  process.stderr.write('skipped: strace is not here or may not trace; install it and allow ptrace\n');
  return false;
}

export interface Injection {
  readonly pid: number;
  /** The file that the calls are about: others go on as they are. */
  readonly file: string;
  /** As strace takes it, like `fsync,fdatasync:error=EIO:when=3`; counted from the moment of the injection. */
  readonly fault: string;
}

/** Has the system calls of a running process fail, or take long, until the returned function is called. Resolves when
 *  every thread of it is under the tracer. */
export async function inject({ pid, file, fault }: Injection): Promise<() => Promise<void>> {
  const call = fault.slice(0, fault.indexOf(':'));
  const args = ['-f', '-qq', '-P', file, '-e', `trace=${call}`, '-e', `inject=${fault}`, '-o', '/dev/null'];
  const tracer = spawn('strace', [...args, '-p', String(pid)], { stdio: 'ignore' });
  const gone = once(tracer, 'exit');
  const stop = async () => {
    if (tracer.exitCode === null && tracer.signalCode === null) tracer.kill('SIGINT');
    await gone;
  };
  onTestFinished(stop);
  await waitFor(() => isTraced(pid), { within: 10_000, what: 'the tracer to attach' });
  return stop;
}

async function isTraced(pid: number): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`);
  const states = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/status`, 'utf8')));
  return states.every((state) => !/^TracerPid:\s+0$/m.test(state));
}

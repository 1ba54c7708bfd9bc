import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Options, ProgramName, Report, Result } from './programs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = fileURLToPath(new URL('../dist/bench/child.js', import.meta.url));

/** Builds the programs: run from source, each process would first spend a second on compiling. */
export async function buildPrograms(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['bench/child.ts'],
    outdir: 'dist/bench',
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
}

/** Runs a program in a process of its own and resolves with what it found. Rejects with what it says went wrong. */
export async function measure<Name extends ProgramName>(name: Name, ...options: Options<Name>): Promise<Result<Name>> {
  const { result, stop } = await start(name, ...options);
  await stop();
  return result;
}

export interface Started<Name extends ProgramName> {
  readonly result: Result<Name>;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** The same for a program that goes on after it has told its result, until it is stopped. */
export async function start<Name extends ProgramName>(name: Name, ...options: Options<Name>): Promise<Started<Name>> {
  const child = fork(built, [name, ...options.map((each) => JSON.stringify(each))], { stdio: 'inherit' });
  const report = await Promise.race([reportOf(child), endOf(child)]);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.disconnect();
    await exited;
  };
  if ('result' in report) return { result: report.result as Result<Name>, pid: child.pid ?? 0, stop };
  await stop();
  throw new Error(`${name}: ${report.error}`);
}

async function reportOf(child: ChildProcess): Promise<Report> {
  const [report] = (await once(child, 'message')) as [Report];
  return report;
}

function endOf(child: ChildProcess): Promise<Report> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ error: `ended with ${String(code ?? signal)} before it had a result` });
    });
  });
}

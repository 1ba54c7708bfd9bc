import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('../../bin/alert-hub.js', import.meta.url));

export interface CliOptions {
  /** Where the command looks for a hub. */
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when it has ended. */
  readonly result: Promise<CliResult>;
}

/** Starts the command as a person's shell would, killed when the test has finished. Only what is given here reaches it of
 *  the hub's environment variables. */
export function startCli(args: readonly string[], { dataDir, env = {} }: CliOptions): CliProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('HUB_'));
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...Object.fromEntries(inherited), HUB_DATA_DIR: dataDir, ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A command that has ended does not read what is left.
  child.stdin.on('error', () => undefined);
  const result = once(child, 'close').then(([exitCode]) => ({ exitCode: exitCode as number | null, stdout, stderr }));
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await result;
  });
  return { child, stdout: () => stdout, stderr: () => stderr, result };
}

/** Runs the command to its end with `input` as standard input. */
export function runCli(args: readonly string[], options: CliOptions, input: string | Buffer = ''): Promise<CliResult> {
  const { child, result } = startCli(args, options);
  child.stdin.end(input);
  return result;
}

/** Lines of JSON. */
export function parseLines(text: string): readonly unknown[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as unknown);
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { createHub, type Hub } from '../../src/hub.ts';
import { createLogger } from '../../src/logger.ts';

const builtProgram = fileURLToPath(new URL('../../bin/alert-hub.js', import.meta.url));

export interface HubOptions {
  readonly dataDir: string;
  /** 0, or nothing, takes a free port. */
  readonly httpPort?: number;
  readonly tcpPort?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Of a hub in this process. */
  readonly clock?: () => number;
  /** Its main file, if not the one of this build. */
  readonly program?: string;
  /** Put before the hub's own command line, as `['strace', '-f']`. */
  readonly under?: readonly string[];
  /** Told how to end a hub process; the running test's end by default, which a hub of several tests outlives. */
  readonly whenFinished?: (end: () => Promise<void>) => void;
}

/** A hub in this process, stopped when the test has finished. Quiet but for errors. */
export async function startHub({ dataDir, httpPort = 0, tcpPort = 0, env = {}, clock }: HubOptions): Promise<Hub> {
  const flags = { dataDir, 'http.port': String(httpPort), 'tcp.port': String(tcpPort) };
  const hub = await createHub(
    loadConfig({ flags, env, file: undefined }),
    createLogger({ level: 'error', format: 'json' }),
    clock,
  );
  let stopped: Promise<void> | null = null;
  const stop = () => (stopped ??= hub.stop());
  onTestFinished(stop);
  return { ...hub, stop };
}

export interface HubProcess {
  readonly pid: number;
  /** URL. */
  readonly http: string;
  /** `ws://…/ws`. */
  readonly ws: string;
  readonly tcpHost: string;
  readonly tcpPort: number;
  readonly httpPort: number;
  /** What it has printed so far. */
  readonly output: () => string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** A hub as users run it, in a process of its own, killed when the test has finished. */
export async function startHubProcess(options: HubOptions): Promise<HubProcess> {
  const child = spawnHub(options);
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ready = new Promise<{ http: string; tcp: string; pid: number }>((resolve, reject) => {
    if (child.stdout === null) throw new Error('the hub has no standard output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`;
      const entry = parseEntry(line);
      if (entry?.msg === 'ready') resolve(entry);
    });
    child.once('exit', (code) => {
      reject(new Error(`the hub ended with ${String(code)} before it was ready: ${output}`));
    });
  });
  const gone = once(child, 'exit').then(([code]) => code as number | null);
  const { http, tcp } = await ready;
  const [tcpHost = '', tcpPort = ''] = tcp.replace('tls://', '').split(':');
  return {
    pid: child.pid ?? 0,
    http,
    ws: `${http.replace('http', 'ws')}/ws`,
    tcpHost,
    tcpPort: Number(tcpPort),
    httpPort: Number(new URL(http).port),
    output: () => output,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    stop: () => {
      child.kill('SIGTERM');
      return gone;
    },
  };
}

function spawnHub({
  dataDir,
  httpPort = 0,
  tcpPort = 0,
  env = {},
  under = [],
  program = builtProgram,
  whenFinished = onTestFinished,
}: HubOptions): ChildProcess {
  const serve = [process.execPath, program, 'serve', '--data-dir', dataDir, '--log-format', 'json'];
  const ports = ['--http-port', String(httpPort), '--tcp-port', String(tcpPort)];
  const [command = '', ...args] = [...under, ...serve, ...ports];
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  whenFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
}

function parseEntry(line: string): { msg: string; http: string; tcp: string; pid: number } | undefined {
  try {
    return JSON.parse(line) as { msg: string; http: string; tcp: string; pid: number };
  } catch {
    return undefined;
  }
}

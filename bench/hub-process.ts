import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/alert-hub.js', import.meta.url));

export interface HubProcess {
  readonly pid: number;
  readonly dataDir: string;
  readonly tcpPort: number;
  readonly httpPort: number;
  /** Last position of its log when it was ready. */
  readonly head: number;
  /** Milliseconds from its start on. */
  readonly readyAfter: number;
}

export interface HubOptions {
  readonly nodeOptions?: readonly string[];
  /** How it ends: in good order, if nothing else is said. */
  readonly end?: 'SIGTERM' | 'SIGKILL';
}

/** Runs a hub as users do, in a process of its own, for as long as `use` takes. Rejects when the hub does not stop in
 *  good order, or has recorded another number of events than `use` has counted. */
export async function withHub<T extends { readonly events: number }>(
  dataDir: string,
  use: (hub: HubProcess) => Promise<T>,
  { nodeOptions = [], end = 'SIGTERM' }: HubOptions = {},
): Promise<T> {
  const serve = [program, 'serve', '--data-dir', dataDir, '--log-format', 'json', '--log-level', 'info'];
  const args = [...nodeOptions, ...serve, '--http-port', '0', '--tcp-port', '0'];
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    const hub = await ready(child, dataDir, startedAt);
    const used = await use(hub);
    await checkHead(hub, used.events);
    child.kill(end);
    const [code, signal] = await exited;
    if (code !== 0 && signal !== end) throw new Error(`the hub has stopped with ${String(code ?? signal)}`);
    return used;
  } finally {
    process.off('exit', kill);
    kill();
    await exited;
  }
}

interface ReadyEntry {
  readonly msg: string;
  readonly http: string;
  readonly tcp: string;
  readonly head: number;
}

function ready(child: ChildProcess, dataDir: string, startedAt: number): Promise<HubProcess> {
  return new Promise((resolve, reject) => {
    const { stdout, pid } = child;
    if (stdout === null || pid === undefined) throw new Error('the hub could not be started');
    createInterface({ input: stdout }).on('line', (line) => {
      const entry = JSON.parse(line) as ReadyEntry;
      if (entry.msg !== 'ready') return;
      const ports = { httpPort: portOf(entry.http), tcpPort: portOf(`tcp://${entry.tcp}`) };
      resolve({ pid, dataDir, ...ports, head: entry.head, readyAfter: performance.now() - startedAt });
    });
    child.once('exit', (code) => {
      reject(new Error(`the hub has ended with ${String(code)} before it was ready`));
    });
  });
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** Positions have no gaps, so that the last one counts the events. */
async function checkHead({ httpPort, head: headBefore }: HubProcess, events: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${String(httpPort)}/api/events?limit=0`);
  const { head } = (await answer.json()) as { head: number };
  const recorded = head - headBefore;
  if (recorded !== events)
    throw new Error(`${String(events)} events were acknowledged, but the log holds ${String(recorded)}`);
}

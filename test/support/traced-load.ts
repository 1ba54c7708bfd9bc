import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { waitFor } from './deadline.ts';
import { startHubProcess, type HubProcess } from './hub.ts';
import { isComplete, straceCommand } from './sync-trace.ts';
import { makeTempDir } from './temp-dir.ts';

export interface TracedLoad {
  readonly dataDir: string;
  readonly ids: readonly string[];
  /** What strace wrote, until the hub had ended. */
  readonly trace: string;
}

export interface Load {
  readonly count: number;
  /** Never more than so many unanswered. */
  readonly window: number;
  readonly message?: string;
  /** See {@link startHubProcess}. */
  readonly program?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a hub under strace on an empty data directory, sends it events of source `trace` over TCP, and stops it. */
export async function recordUnderTrace({
  count,
  window,
  message = 'is it on disk',
  program,
  env = {},
}: Load): Promise<TracedLoad> {
  const dataDir = await makeTempDir();
  const traceFile = join(await makeTempDir(), 'trace');
  const under = straceCommand(traceFile);
  const hub = await startHubProcess({ dataDir, env, under, ...(program === undefined ? {} : { program }) });
  const ids = Array.from({ length: count }, (_, index) => `evt-${String(index).padStart(6, '0')}-end`);
  await sendWithWindow(hub, ids, window, message);
  const code = await hub.stop();
  if (code !== 0) throw new Error(`the traced hub ended with ${String(code)}: ${hub.output()}`);
  const trace = await waitFor(
    async () => {
      const text = await readFile(traceFile, 'latin1');
      return isComplete(text, hub.pid) ? text : undefined;
    },
    { within: 30_000, what: 'the end of the trace' },
  );
  return { dataDir, ids, trace };
}

async function sendWithWindow(hub: HubProcess, ids: readonly string[], window: number, message: string): Promise<void> {
  const socket = connect(hub.tcpPort, hub.tcpHost);
  await once(socket, 'connect');
  let sent = 0;
  let answered = 0;
  const sendMore = () => {
    while (sent < ids.length && sent - answered < window) {
      socket.write(`${JSON.stringify({ id: ids[sent], source: 'trace', message })}\n`);
      sent += 1;
    }
  };
  socket.on('data', (chunk: Buffer) => {
    answered += chunk.toString().split('\n').length - 1;
    sendMore();
  });
  sendMore();
  await waitFor(() => answered === ids.length, { within: 120_000, what: `${ids.length} answers` });
  socket.destroy();
}

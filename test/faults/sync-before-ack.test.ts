import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { startHubProcess, type HubProcess } from '../support/hub.ts';
import { acknowledgedUnsynced, canTrace, isComplete, straceCommand } from '../support/sync-trace.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const isTraceable = await canTrace();
if (!isTraceable) process.stderr.write('skipped: strace is not here or may not trace; install it and allow ptrace\n');

describe.skipIf(!isTraceable)('an acknowledgement', () => {
  test('comes after a sync of the log that followed the event, one in flight', async () => {
    const { ids, trace } = await recordUnderTrace(20, 1);
    expect(acknowledgedUnsynced(trace, ids)).toEqual([]);
  });

  test('comes after a sync of the log that followed the event, many in flight', async () => {
    const { ids, trace } = await recordUnderTrace(2_000, 256);
    expect(acknowledgedUnsynced(trace, ids)).toEqual([]);
  });

  test('would be found out without that sync', async () => {
    const { ids, trace } = await recordUnderTrace(5, 1);
    const withoutSyncs = trace
      .split('\n')
      .filter((line) => !/f(data)?sync/.test(line))
      .join('\n');
    expect(acknowledgedUnsynced(withoutSyncs, ids)).toEqual(ids);
  });
});

async function recordUnderTrace(count: number, window: number): Promise<{ ids: readonly string[]; trace: string }> {
  const dataDir = await makeTempDir();
  const traceFile = join(await makeTempDir(), 'trace');
  const hub = await startHubProcess({ dataDir, under: straceCommand(traceFile) });
  const ids = Array.from({ length: count }, (_, index) => `evt-${String(index).padStart(6, '0')}-end`);
  await sendWithWindow(hub, ids, window);
  expect(await hub.stop()).toBe(0);
  const trace = await waitFor(
    async () => {
      const text = await readFile(traceFile, 'utf8');
      return isComplete(text, hub.pid) ? text : undefined;
    },
    { within: 30_000, what: 'the end of the trace' },
  );
  return { ids, trace };
}

/** Sends one event an id, never more than `window` unanswered. */
async function sendWithWindow(hub: HubProcess, ids: readonly string[], window: number): Promise<void> {
  const socket = connect(hub.tcpPort, hub.tcpHost);
  await once(socket, 'connect');
  let sent = 0;
  let answered = 0;
  const sendMore = () => {
    while (sent < ids.length && sent - answered < window) {
      socket.write(`${JSON.stringify({ id: ids[sent], source: 'trace', message: 'is it on disk' })}\n`);
      sent += 1;
    }
  };
  socket.on('data', (chunk: Buffer) => {
    answered += chunk.toString().split('\n').length - 1;
    sendMore();
  });
  sendMore();
  await waitFor(() => answered === ids.length, { within: 40_000, what: `${String(ids.length)} answers` });
  socket.destroy();
}

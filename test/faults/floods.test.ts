import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { post } from '../support/hub-http.ts';
import { startHubProcess, type HubProcess } from '../support/hub.ts';
import { countOf } from '../support/long.ts';
import { refusedOver } from '../support/metrics.ts';
import { connectTcp, type TcpProducer } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const child = fileURLToPath(new URL('../support/flood-child.ts', import.meta.url));
/** Of the good client, one after another. */
const events = countOf(300, 2_000);
/** What an answer may take longer in a flood, on a machine that makes the flood itself: said for the hub is twice the time. */
const bound = { times: 10, plusMs: 2_000 };

interface Flood {
  readonly kind: string;
  readonly count: number;
  readonly env?: Readonly<Record<string, string>>;
  /** What the hub has refused by then. */
  readonly refused?: Parameters<typeof refusedOver>[1];
}

describe('a good client is answered nearly as fast as ever', () => {
  it.each<Flood>([
    { kind: 'idle', count: countOf(1_000, 10_000) },
    {
      kind: 'trickle',
      count: countOf(100, 1_000),
      env: { HUB_LIMITS_INPUT_TIMEOUT: '1s' },
      refused: 'unfinished_input',
    },
    { kind: 'storm', count: 0, env: { HUB_LIMITS_CONNECTS_PER_SECOND: '20' }, refused: 'connects' },
    { kind: 'unread', count: countOf(2, 10), env: { HUB_LIMITS_ANSWER_TIMEOUT: '8s' }, refused: 'unread_answers' },
    { kind: 'pings', count: 1, refused: 'frames' },
    { kind: 'replays', count: countOf(50, 1_000) },
  ])('while others flood it: $kind', { timeout: 180_000 }, async ({ kind, count, env = {}, refused }) => {
    const hub = await startHubProcess({
      dataDir: await makeTempDir(),
      env,
      under: ['sh', '-c', 'ulimit -n "$(ulimit -Hn)"; exec "$@"', 'sh'],
    });
    await post(
      hub.http,
      Array.from({ length: 2_000 }, () => ({ message: 'm'.repeat(200) })),
    );
    const good = await connectTcp(`${hub.tcpHost}:${hub.tcpPort}`);
    await delays(good);
    const before = p99(await delays(good));
    const stop = await beginFlood(kind, hub, count);
    const during = p99(await delays(good));
    if (refused !== undefined)
      await expect.poll(() => refusedOver(hub.http, refused), { timeout: 20_000, interval: 500 }).toBeGreaterThan(0);
    const newcomer = await connectTcp(`${hub.tcpHost}:${hub.tcpPort}`);
    newcomer.send({ message: 'm' });
    expect(await newcomer.answered(1)).toMatchObject([{ ok: true }]);
    await stop();
    const ratio = (during / before).toFixed(1);
    process.stderr.write(
      `floods: ${kind} ${count}: p99 ${before.toFixed(1)} ms before, ${during.toFixed(1)} ms during, ${ratio} times\n`,
    );
    expect(during).toBeLessThan(before * bound.times + bound.plusMs);
  });
});

/** Resolves, once the flood is at its height, with what ends it. */
async function beginFlood(kind: string, hub: HubProcess, count: number): Promise<() => Promise<unknown>> {
  const args = [kind, String(hub.tcpPort), String(hub.httpPort), String(count)];
  const flood = fork(child, args, { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const gone = once(flood, 'exit');
  const stop = () => {
    flood.kill('SIGKILL');
    return gone;
  };
  onTestFinished(async () => {
    await stop();
  });
  const [message] = (await Promise.race([once(flood, 'message'), gone])) as [unknown];
  expect(message).toBe('begun');
  return stop;
}

/** How long each answer took, in milliseconds. */
async function delays(producer: TcpProducer): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let sent = 0; sent < events; sent += 1) {
    const [sentAt, answered] = [performance.now(), once(producer.socket, 'data')];
    producer.send({ source: 'good', message: 'm' });
    await answered;
    taken.push(performance.now() - sentAt);
  }
  expect(producer.answers.every(({ ok }) => ok)).toBe(true);
  return taken;
}

function p99(taken: readonly number[]): number {
  return taken.toSorted((a, b) => a - b)[Math.floor(taken.length * 0.99)] ?? NaN;
}

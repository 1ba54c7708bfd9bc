import { describe, expect, test } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { startHubProcess, type HubProcess } from '../support/hub.ts';
import { ask, page, post } from '../support/hub-http.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const kept = 1_000;
const limited = { HUB_RETENTION_MAX_EVENTS: String(kept) };

/** Starts a hub on a log of so many events, without a limit, and ends it. */
async function fill(dataDir: string, count: number): Promise<void> {
  const hub = await startHubProcess({ dataDir });
  for (let at = 1; at <= count; at += 20_000) {
    const size = Math.min(20_000, count + 1 - at);
    const drafts = Array.from({ length: size }, (_, index) => ({
      id: `e${at + index}`,
      source: `s${index % 20}`,
      message: 'the interface eth0 is down',
    }));
    const lines = drafts.map((draft) => `${JSON.stringify(draft)}\n`).join('');
    const { status } = await post(hub.http, lines, { 'Content-Type': 'application/x-ndjson' });
    expect(status).toBe(200);
  }
  await hub.stop();
}

async function firstOf({ http }: HubProcess): Promise<number> {
  return (await page(http, 'limit=0')).first;
}

/** Every position that the log has, as a stream reads it. */
async function positionsOf({ http }: HubProcess): Promise<readonly number[]> {
  const { body } = await ask(`${http}/api/events?type=*`, { headers: { Accept: 'application/x-ndjson' } });
  return [...String(body).matchAll(/^\{"position":(\d+),/gm)].map(([, position]) => Number(position));
}

async function totalOf({ http }: HubProcess): Promise<number> {
  return ((await ask(`${http}/api/stats?since=1d`)).body as { total: number }).total;
}

describe('removing a large part of the log', () => {
  test('is cut off by SIGKILL anywhere, and the log is whole and goes on being removed', async () => {
    const dataDir = await makeTempDir();
    const count = 60_000;
    await fill(dataDir, count);
    let first = 1;
    let acknowledged = count;
    for (const reach of [1_000, 15_000, 30_000, 45_000]) {
      const hub = await startHubProcess({ dataDir, env: limited });
      const before = await page(hub.http, 'limit=0');
      expect(before.first).toBeGreaterThanOrEqual(first);
      expect(before.head).toBe(acknowledged);
      const { body } = await post(hub.http, { source: 'probe', message: `after ${reach}` });
      acknowledged += 1;
      expect(body).toMatchObject({ position: acknowledged });
      first = await waitFor(async () => ((await firstOf(hub)) > reach ? firstOf(hub) : null), {
        what: `the first ${reach} to be gone`,
        within: 30_000,
      });
      await hub.kill();
    }

    const unlimited = await startHubProcess({ dataDir });
    const bounds = await page(unlimited.http, 'limit=0');
    const positions = await positionsOf(unlimited);
    expect(positions).toEqual(Array.from({ length: acknowledged + 1 - bounds.first }, (_, at) => bounds.first + at));
    await waitFor(async () => (await totalOf(unlimited)) === positions.length, {
      what: 'the counts to agree with the log',
      within: 30_000,
    });
    await unlimited.stop();

    const hub = await startHubProcess({ dataDir, env: limited });
    const expected = acknowledged + 1 - kept;
    await waitFor(async () => (await firstOf(hub)) === expected, { what: 'the rest to be gone', within: 30_000 });
    expect(await totalOf(hub)).toBe(kept);
    expect(await hub.stop()).toBe(0);
  }, 180_000);

  test('does not stall those who send meanwhile', async () => {
    const dataDir = await makeTempDir();
    const count = 200_000;
    await fill(dataDir, count);
    const unlimited = await startHubProcess({ dataDir });
    const usual = await answerTimes(unlimited, async () => {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    });
    await unlimited.stop();

    const hub = await startHubProcess({ dataDir, env: limited });
    const startedAt = performance.now();
    const meanwhile = await answerTimes(hub, async () => {
      await waitFor(async () => (await firstOf(hub)) > count - 2 * kept, { what: 'all to be gone', within: 120_000 });
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    const rate = Math.round(count / seconds);
    process.stderr.write(
      `answers took ${shown(usual)} without and ${shown(meanwhile)} while ${count} events were removed, ${rate} a second\n`,
    );
    // Loosely: a test machine may be busy with anything. Removed in one go, they would hold up an answer for seconds.
    expect(quantile(meanwhile, 0.5)).toBeLessThan(500);
  }, 180_000);
});

/** How long answers took, in milliseconds, one event at a time, until `until` has ended. */
async function answerTimes(hub: HubProcess, until: () => Promise<void>): Promise<readonly number[]> {
  const producer = await connectTcp(`${hub.tcpHost}:${hub.tcpPort}`);
  const times: number[] = [];
  const over = new AbortController();
  const ended = until().finally(() => {
    over.abort();
  });
  while (!over.signal.aborted) {
    const startedAt = performance.now();
    producer.send({ source: 'probe', message: 'how long does it take' });
    await producer.answered(times.length + 1);
    times.push(performance.now() - startedAt);
  }
  await ended;
  producer.socket.destroy();
  return times;
}

function quantile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)] ?? NaN;
}

function shown(times: readonly number[]): string {
  const [half, most, all] = [0.5, 0.99, 1].map((share) => quantile(times, share).toFixed(1));
  return `${half} ms (99 %: ${most}, all: ${all})`;
}

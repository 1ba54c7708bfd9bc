import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { ask, page, post } from '../support/hub-http.ts';
import { startHub, startHubProcess, type HubProcess } from '../support/hub.ts';
import { patchedProgram } from '../support/patched-program.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const send = (hub: { readonly http: string }, id: string) => post(hub.http, { id, source: 'machine', message: 'm' });
const recordedIds = async (hub: { readonly http: string }) =>
  (await page(hub.http, 'after=0&limit=1000&source=machine')).events.map(({ id }) => id);

describe('a second hub on a data directory', () => {
  test('ends within a second, naming the process that holds it, which goes on', async () => {
    const dataDir = await makeTempDir();
    const beganAt = performance.now();
    const hub = await startHubProcess({ dataDir });
    const startMs = performance.now() - beganAt;
    const ports = ['--http-port', String(await findFreePort()), '--tcp-port', String(await findFreePort())];
    const durations: number[] = [];
    // A busy machine starts everything slowly, and now and then very slowly.
    while (durations.length < 5 && !durations.some((ms) => ms < 1_000 + startMs)) {
      const startedAt = performance.now();
      const { exitCode, stdout } = await runCli(['serve', ...ports, '--log-format', 'json'], { dataDir });
      durations.push(performance.now() - startedAt);
      expect(exitCode).toBe(1);
      expect(stdout).toContain(`another hub (process ${hub.pid}) is running on ${dataDir}`);
    }
    expect(Math.min(...durations)).toBeLessThan(1_000 + startMs);
    expect((await send(hub, 'a')).status).toBe(201);
  });

  test('may start at once when the first was killed', async () => {
    const dataDir = await makeTempDir();
    const first = await startHubProcess({ dataDir });
    expect((await send(first, 'a')).status).toBe(201);
    await first.kill();
    expect(await recordedIds(await startHubProcess({ dataDir }))).toEqual(['a']);
  });
});

describe('a program that locks the log’s file', () => {
  test('delays events for some seconds, then they are refused, and taken when it is gone', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHubProcess({ dataDir });
    const foreign = new Database(join(dataDir, 'hub.db'));
    onTestFinished(() => {
      foreign.close();
    });
    foreign.exec('BEGIN IMMEDIATE');
    const delayed = send(hub, 'delayed');
    foreign.exec('COMMIT');
    expect((await delayed).status).toBe(201);

    foreign.exec('BEGIN IMMEDIATE');
    const startedAt = performance.now();
    const { status, body } = await send(hub, 'refused');
    expect({ status, body }).toMatchObject({ status: 503, body: { code: 'unavailable', id: 'refused' } });
    expect(performance.now() - startedAt).toBeGreaterThan(4_000);
    expect(await recordedIds(hub)).toEqual(['delayed']);
    foreign.exec('COMMIT');
    await waitFor(async () => (await send(hub, 'after')).status === 201, { what: 'events to be taken again' });
    expect(await recordedIds(hub)).toEqual(['delayed', 'after']);
  });
});

describe.skipIf(process.platform !== 'linux')('a hub that may open few files', () => {
  test('turns new connections away, keeps the ones it has, and records on', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHubProcess({ dataDir });
    // All of its threads have opened what they need.
    await Promise.all([recordedIds(hub), recordedIds(hub), ask(`${hub.http}/api/stats`)]);
    const good = await openConnection(hub);
    const openFiles = (await readdir(`/proc/${hub.pid}/fd`)).length;
    await promisify(execFile)('prlimit', [`--pid=${hub.pid}`, `--nofile=${openFiles + 50}:`]);
    const crowd = await Promise.all(Array.from({ length: 120 }, () => openConnection(hub)));
    for (let at = 0; at < 20; at += 1) {
      good.write(`${JSON.stringify({ id: `few-${at}`, source: 'machine', message: 'm' })}\n`);
      const [answer] = (await once(good, 'data')) as [Buffer];
      expect(JSON.parse(answer.toString())).toMatchObject({ ok: true });
    }
    crowd.forEach((socket) => socket.destroy());
    await waitFor(async () => (await send(hub, 'after')).status === 201, { what: 'connections to be taken again' });
    expect(await recordedIds(hub)).toHaveLength(21);
  });

  test('is read over the connections it has when it may open none at all', async () => {
    const hub = await startHubProcess({ dataDir: await makeTempDir() });
    await send(hub, 'before');
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    onTestFinished(() => {
      agent.destroy();
    });
    const askAll = (path: string) => Promise.all(Array.from({ length: 12 }, () => statusOf(agent, hub.http + path)));
    await askAll('/readyz');
    // Its first thread that reads has begun.
    expect(await recordedIds(hub)).toEqual(['before']);
    await promisify(execFile)('prlimit', [`--pid=${hub.pid}`, '--nofile=3:']);
    expect(await askAll('/api/events?after=0')).toEqual(Array(12).fill(200));
    // The thread that could not be started is started again now and then.
    await promisify(execFile)('prlimit', [`--pid=${hub.pid}`, '--nofile=1024:']);
    expect(await askAll('/api/events?after=0')).toEqual(Array(12).fill(200));
  });
});

async function statusOf(agent: Agent, url: string): Promise<number | undefined> {
  const [answer] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode;
}

async function openConnection(hub: HubProcess): Promise<Socket> {
  const socket = connect(hub.tcpPort, hub.tcpHost);
  onTestFinished(() => {
    socket.destroy();
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

describe('a hub that stands still for a while', () => {
  test('answers everything when it goes on, once', async () => {
    const hub = await startHubProcess({ dataDir: await makeTempDir() });
    process.kill(hub.pid, 'SIGSTOP');
    const answers = Array.from({ length: 50 }, (_, at) => send(hub, `still-${at}`));
    const early = await Promise.race([answers[0], new Promise((resolve) => setTimeout(resolve, 500, 'none'))]);
    process.kill(hub.pid, 'SIGCONT');
    expect(early).toBe('none');
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(50).fill(201));
    expect(new Set(await recordedIds(hub)).size).toBe(50);
  });
});

describe('a clock that jumps', () => {
  test('a day back and forth changes neither the order nor the positions', async () => {
    const day = 24 * 60 * 60 * 1000;
    let offset = 0;
    const hub = await startHub({ dataDir: await makeTempDir(), clock: () => Date.now() + offset });
    for (const [at, jump] of [0, -day, day, -day, 0].entries()) {
      offset = jump;
      expect(await send(hub, `clock-${at}`)).toMatchObject({ status: 201, body: { position: at + 1 } });
    }
    const { events } = await page(hub.http, 'after=0&source=machine');
    const received = events.map(({ receivedAt }) => receivedAt);
    expect(received).toEqual([...received].sort());
    expect(Date.parse(received[4] ?? '')).toBeGreaterThan(Date.now() + day / 2);
  });
});

describe('the writer’s thread', () => {
  test('may die: what was under way is in doubt, it is said once, and another one goes on', async () => {
    const text = 'answer(session.answer(message));';
    const program = await patchedProgram(
      text,
      `if (JSON.stringify(message).includes('deadly')) throw new Error('a bug'); ${text}`,
    );
    const hub = await startHubProcess({ dataDir: await makeTempDir(), program });
    expect((await send(hub, 'before')).status).toBe(201);
    const { status, body } = await send(hub, 'deadly');
    expect({ status, body }).toMatchObject({ status: 503, body: { code: 'in_doubt', id: 'deadly' } });
    expect(await send(hub, 'after')).toMatchObject({ status: 201, body: { position: 2 } });
    expect((await ask(`${hub.http}/readyz`)).status).toBe(200);
    expect(await recordedIds(hub)).toEqual(['before', 'after']);
    expect(hub.output().match(/"message":"the log's writer has failed: a bug/g)).toHaveLength(1);
    expect(await hub.stop()).toBe(0);
  });
});

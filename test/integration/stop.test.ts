import { once } from 'node:events';
import http from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHub, startHubProcess } from '../support/hub.ts';
import { connectTcp, type Answer } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { connectWs } from '../support/ws-client.ts';

const drafts = (count: number, source: string) =>
  Array.from({ length: count }, (_, at) => ({ message: 'm', source, id: `${source}-${at}` }));

/** How many events the log of a stopped hub holds. */
async function headOf(dataDir: string): Promise<number> {
  const hub = await startHub({ dataDir });
  const { head } = (await (await fetch(`${hub.http}/api/events?limit=0`)).json()) as { head: number };
  await hub.stop();
  return head;
}

async function portIsFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  return true;
}

/** An answer that streams, read as it comes. */
async function openStream(url: string, accept: string) {
  const request = http.get(url, { headers: { accept } });
  onTestFinished(() => {
    request.destroy();
  });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let text = '';
  response.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  const ended = new Promise((resolve) => {
    response.once('end', () => resolve('end')).once('error', () => resolve('broken'));
  });
  return { ended, text: () => text };
}

describe('stopping a hub', () => {
  it('answers what a subscriber has published before it closes the connection with 1012', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir });
    const client = await connectWs(hub.http, '?after=0');
    await client.frame('caught_up');
    for (let at = 0; at < 200; at += 1) client.send({ type: 'publish', ref: at, events: drafts(20, `s${at}`) });
    await client.frame('ack');
    await hub.stop();
    expect((await client.closed).code).toBe(1012);
    const verdicts = client.frames.filter(({ type }) => type === 'ack').flatMap(({ results }) => results as Answer[]);
    // What reached the hub after the stop had begun was refused.
    const accepted = verdicts.filter(({ ok }) => ok).map(({ position }) => position);
    expect(accepted).toEqual(Array.from({ length: await headOf(dataDir) }, (_, at) => at + 1));
    expect(client.positions).toEqual(accepted.slice(0, client.positions.length));
  });

  it('answers every line that it has read, and ends each connection', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir });
    const producers = await Promise.all(Array.from({ length: 5 }, () => connectTcp(hub.tcp)));
    producers.forEach((producer, at) => producer.send(...drafts(2_000, `p${at}`)));
    await producers[0]?.answered(1);
    await hub.stop();
    await Promise.all(producers.map(({ ended }) => ended));
    const answers = producers.flatMap((producer) => producer.answers);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(answers).toHaveLength(await headOf(dataDir));
  });

  it('ends streams cleanly, and leaves nothing open behind', async () => {
    const httpPort = await findFreePort();
    const tcpPort = await findFreePort();
    const hub = await startHub({ dataDir: await makeTempDir(), httpPort, tcpPort });
    const sse = await openStream(`${hub.http}/api/events?after=0`, 'text/event-stream');
    const ndjson = await openStream(`${hub.http}/api/events?follow=1`, 'application/x-ndjson');
    const silent = await connectTcp(hub.tcp);
    const publisher = await connectWs(hub.http, '?subscribe=0');
    const keepAlive = new http.Agent({ keepAlive: true });
    onTestFinished(() => keepAlive.destroy());
    await new Promise((resolve) =>
      http.get(`${hub.http}/healthz`, { agent: keepAlive }, (response) => response.resume().once('end', resolve)),
    );
    const startedAt = performance.now();
    await hub.stop();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(await Promise.all([sse.ended, ndjson.ended])).toEqual(['end', 'end']);
    expect((await publisher.closed).code).toBe(1012);
    await silent.ended;
    expect(await portIsFree(httpPort)).toBe(true);
    expect(await portIsFree(tcpPort)).toBe(true);
  });

  it('does not wait for producers that leave their answers unread', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    const deaf = await connectTcp(hub.tcp);
    deaf.socket.pause();
    deaf.send(Buffer.alloc(24 * 1024 * 1024, '{}\n'));
    const good = await connectTcp(hub.tcp);
    good.send({ message: 'm' });
    await good.answered(1);
    const startedAt = performance.now();
    await hub.stop();
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  });

  it('ends the process with 0 on SIGTERM under load, everything that was answered in place', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHubProcess({ dataDir });
    const producers = await Promise.all(Array.from({ length: 4 }, () => connectTcp(`${hub.tcpHost}:${hub.tcpPort}`)));
    producers.forEach((producer, at) => producer.send(...drafts(5_000, `p${at}`)));
    await Promise.all(producers.map((producer) => producer.answered(100)));
    const startedAt = performance.now();
    expect(await hub.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    const answers = producers.flatMap((producer) => producer.answers);
    expect(answers).toHaveLength(await headOf(dataDir));
  });

  it('ends the process at once on a second signal', async () => {
    const hub = await startHubProcess({ dataDir: await makeTempDir() });
    const deaf = await connectTcp(`${hub.tcpHost}:${hub.tcpPort}`);
    deaf.socket.pause();
    deaf.send(Buffer.alloc(24 * 1024 * 1024, '{}\n'));
    await waitFor(() => deaf.socket.writableLength > 0, { what: 'the hub to stop reading', within: 15_000 });
    const gone = hub.stop();
    await waitFor(() => hub.output().includes('stopping'), { what: 'the hub to begin to stop', within: 15_000 });
    process.kill(hub.pid, 'SIGTERM');
    expect(await gone).toBe(1);
  });
});

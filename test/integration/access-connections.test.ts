import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { waitFor } from '../support/deadline.ts';
import { startHub } from '../support/hub.ts';
import { ask, openStream } from '../support/hub-http.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { bearer, localToken, makeToken } from '../support/tokens.ts';
import { connectWs, refusedUpgrade } from '../support/ws-client.ts';

async function guardedHub() {
  const dataDir = await makeTempDir();
  const { http, tcp } = await startHub({ dataDir });
  const token = async (role: string, more: object = {}) => makeToken(http, dataDir, { role, ...more });
  const revoke = async ({ id }: { readonly id: string }) => {
    const headers = bearer(await localToken(dataDir));
    expect((await ask(`${http}/api/tokens/${id}`, { method: 'DELETE', headers })).status).toBe(200);
  };
  const sender = await token('ingest');
  return { http, tcp, dataDir, token, revoke, sender };
}

describe('a token over TCP', () => {
  it('is the first line, answered as any other', async () => {
    const { tcp, sender } = await guardedHub();
    const producer = await connectTcp(tcp);
    producer.send({ token: sender.token }, { message: 'm' });
    expect(await producer.answered(2)).toMatchObject([
      { ok: true },
      { ok: true, position: expect.any(Number) as number },
    ]);
  });

  it.each([
    ['missing', '{"message":"m"}\n'],
    ['of a wrong kind', '{"token":1}\n'],
    ['beside a draft', '{"token":"TOKEN","message":"m"}\n'],
    ['too long', `{"token":"${'x'.repeat(1_000_000)}"}\n`],
    ['no text', Buffer.from([0xff, 0xfe, 0x0a])],
  ])('ends the connection when it is %s, and nothing is recorded', async (_, line) => {
    const { http, tcp, sender, dataDir } = await guardedHub();
    const producer = await connectTcp(tcp);
    producer.send(Buffer.isBuffer(line) ? line : line.replace('TOKEN', sender.token), '{"message":"second"}\n');
    await producer.ended;
    expect(producer.answers).toMatchObject([{ ok: false, code: 'unauthorized' }]);
    const { body } = await ask(`${http}/api/events`, { headers: bearer(await localToken(dataDir)) });
    expect(body).toMatchObject({ events: [] });
  });

  it('is refused after a moment when it is wrong', async () => {
    const { tcp } = await guardedHub();
    const producer = await connectTcp(tcp);
    const started = performance.now();
    producer.send({ token: 'wrong' }, { message: 'second' });
    await producer.ended;
    expect(producer.answers).toMatchObject([{ ok: false, code: 'unauthorized' }]);
    expect(performance.now() - started).toBeGreaterThanOrEqual(100);
  });

  it('is forbidden to send with the role read, and other sources than it lists', async () => {
    const { tcp, token } = await guardedHub();
    const reader = await connectTcp(tcp);
    reader.send({ token: (await token('read')).token });
    await reader.ended;
    expect(reader.answers).toMatchObject([{ ok: false, code: 'forbidden' }]);

    const limited = await connectTcp(tcp);
    limited.send({ token: (await token('ingest', { sources: ['a'] })).token });
    limited.send({ source: 'b', message: 'm', id: '1' }, { source: 'a', message: 'm' });
    expect(await limited.answered(3)).toMatchObject([{ ok: true }, { code: 'forbidden', id: '1' }, { ok: true }]);
  });

  it('is welcome, whatever it is, while none was made', async () => {
    const { tcp } = await startHub({ dataDir: await makeTempDir() });
    const producer = await connectTcp(tcp);
    producer.send({ token: 'anything' }, { message: 'm' });
    expect(await producer.answered(2)).toMatchObject([{ ok: true }, { ok: true }]);
  });
});

describe('a token over a WebSocket', () => {
  it('is a header, or a subprotocol that is not sent back', async () => {
    const { http, token } = await guardedHub();
    const { token: secret } = await token('read');
    await (await connectWs(http, '', bearer(secret))).frame('caught_up');

    const socket = new WebSocket(`${http.replace('http', 'ws')}/ws`, ['alert-hub', `bearer.${secret}`]);
    onTestFinished(() => {
      socket.terminate();
    });
    await once(socket, 'open');
    expect(socket.protocol).toBe('alert-hub');
  });

  it('is needed at the upgrade, in a valid form', async () => {
    const { http, sender } = await guardedHub();
    const refused = async (headers: Record<string, string>) => (await refusedUpgrade(http, '', headers)).status;
    expect(await refused({})).toBe(401);
    expect(await refused(bearer('wrong'))).toBe(401);
    expect(await refused({ 'Sec-WebSocket-Protocol': 'alert-hub, bearer.wrong' })).toBe(401);
    expect(await refused(bearer(sender.token))).toBe(403);
    expect((await refusedUpgrade(http, `?token=${sender.token}`)).status).toBe(400);
  });

  it('is a login only for a page of the hub', async () => {
    const { http, token } = await guardedHub();
    const { headers } = await ask(`${http}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: (await token('read')).token }),
    });
    const cookie = { Cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
    await (await connectWs(http, '', { ...cookie, Origin: http })).frame('caught_up');
    const refused = async (more: Record<string, string>) =>
      (await refusedUpgrade(http, '', { ...cookie, ...more })).status;
    expect([await refused({}), await refused({ Origin: 'https://evil.example' })]).toEqual([403, 403]);
  });

  it('allows each frame by its role', async () => {
    const { http, sender, token } = await guardedHub();
    const publisher = await connectWs(http, '?subscribe=0', bearer(sender.token));
    publisher.send({ type: 'subscribe', ref: 's' });
    expect(await publisher.frame('error')).toMatchObject({ code: 'forbidden', ref: 's' });
    publisher.send({ type: 'publish', ref: 'p', event: { message: 'm' } });
    expect(await publisher.frame('ack')).toMatchObject({ ref: 'p', results: [{ ok: true }] });

    const reader = await connectWs(http, '', bearer((await token('read')).token));
    reader.send({ type: 'publish', ref: 'p', event: { message: 'm' } });
    expect(await reader.frame('error')).toMatchObject({ code: 'forbidden', ref: 'p' });
    reader.send({ type: 'subscribe', after: 0 });
    await reader.frame('events');

    const limited = await connectWs(http, '?subscribe=0', bearer((await token('ingest', { sources: ['a'] })).token));
    limited.send({ type: 'publish', events: [{ message: 'm' }, { message: 'm', source: 'a' }] });
    expect(await limited.frame('ack')).toMatchObject({ results: [{ ok: false, code: 'forbidden' }, { ok: true }] });
  });
});

describe('what is open by a token that is revoked', () => {
  it('is closed within a second, each in its own way', async () => {
    const { http, tcp, token, revoke } = await guardedHub();
    const admin = await token('admin');
    const other = await token('read');
    const kept = await connectWs(http, '', bearer(other.token));
    const socket = await connectWs(http, '', bearer(admin.token));
    const streams = await Promise.all(
      ['text/event-stream', 'application/x-ndjson'].map((Accept) =>
        openStream(`${http}/api/events?follow=1`, { ...bearer(admin.token), Accept }),
      ),
    );
    const producer = await connectTcp(tcp);
    producer.send({ token: admin.token }, { message: 'm' });
    await producer.answered(2);

    const headers = { ...bearer(admin.token), 'Content-Type': 'application/x-ndjson' };
    const upload = request(`${http}/api/events`, { method: 'POST', headers, agent: false });
    upload.on('error', () => undefined);
    upload.write('{"message":"first of many"}\n');
    const uploaded = once(upload, 'response');
    await waitFor(
      async () =>
        ((await ask(`${http}/api/stats`, { headers: bearer(other.token) })).body as { total: number }).total === 2,
      {
        what: 'the first line of the upload',
      },
    );

    const started = performance.now();
    await revoke(admin);
    expect(await socket.closed).toEqual({ code: 4401, reason: 'the token is no longer valid' });
    await Promise.all([...streams.map(({ ended }) => ended), producer.ended]);
    expect(producer.answers.slice(2)).toMatchObject([{ ok: false, code: 'unauthorized' }]);
    const [answer] = (await uploaded) as [{ statusCode: number }];
    expect(answer.statusCode).toBe(401);
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(kept.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('is closed when its time is over', async () => {
    const { http, tcp, token } = await guardedHub();
    const reader = await token('read', { expires: '700ms' });
    const sender = await token('ingest', { expires: '700ms' });
    const socket = await connectWs(http, '', bearer(reader.token));
    const producer = await connectTcp(tcp);
    producer.send({ token: sender.token });
    expect(await socket.closed).toMatchObject({ code: 4401 });
    await producer.ended;
  });

  it('is closed with the login that was made by it', async () => {
    const { http, token, revoke } = await guardedHub();
    const reader = await token('read');
    const { headers } = await ask(`${http}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: reader.token }),
    });
    const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const socket = await connectWs(http, '', { Cookie: cookie, Origin: http });
    await revoke(reader);
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });

  it('is also what was open without one when the first token is made', async () => {
    const dataDir = await makeTempDir();
    const { http, tcp } = await startHub({ dataDir });
    const socket = await connectWs(http);
    const producer = await connectTcp(tcp);
    producer.send({ message: 'm' });
    await producer.answered(1);
    await makeToken(http, dataDir, { role: 'admin' });
    expect(await socket.closed).toMatchObject({ code: 4401 });
    await producer.ended;
    expect(producer.answers.slice(1)).toMatchObject([{ ok: false, code: 'unauthorized' }]);
  });
});

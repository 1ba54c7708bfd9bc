import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { openBystanders, stageHub } from '../support/hostile-stage.ts';
import { ask, page } from '../support/hub-http.ts';
import { refusedOver } from '../support/metrics.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { bearer } from '../support/tokens.ts';
import { connectWs, refusedUpgrade } from '../support/ws-client.ts';
import { authorizationRows, firstLineRows } from './rows/access.ts';

const token = `hostile-${'0123456789abcdef'.repeat(3)}`;

/** The status of the answer to these bytes; null when the connection ends without one. */
async function statusOf(port: number, bytes: string): Promise<number | null> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.write(bytes, 'latin1');
  await once(socket, 'close');
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(text) ?? [];
  return status === undefined ? null : Number(status);
}

describe('a hub that asks for a token', () => {
  const stage = stageHub({ HUB_ADMIN_TOKEN: token });
  const headers = bearer(token);
  const headOf = async () => (await page(stage.hub.http, 'limit=0', headers)).head;

  it.each(firstLineRows)('35: lets in nobody over TCP who sends $what', async ({ bytes, isSlow = false }) => {
    const bystanders = await openBystanders(stage.hub, token);
    const head = await headOf();
    const producer = await connectTcp(`${stage.hub.tcpHost}:${String(stage.hub.tcpPort)}`);
    const begun = performance.now();
    producer.send(bytes(token));
    await producer.ended;
    const elapsedMs = performance.now() - begun;
    expect(producer.answers).toMatchObject([{ ok: false, code: 'unauthorized' }]);
    if (isSlow) expect(elapsedMs).toBeGreaterThanOrEqual(100);
    expect(await headOf()).toBe(head);
    await bystanders.expectUndisturbed();
  });

  it.each(authorizationRows)('52: answers $status to an Authorization of $what', async ({ lines, status }) => {
    const bystanders = await openBystanders(stage.hub, token);
    const { httpPort } = stage.hub;
    const host = `127.0.0.1:${String(httpPort)}`;
    const given = await statusOf(
      httpPort,
      `GET /api/stats HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${lines(token)}\r\n`,
    );
    expect(given).toBe(status);
    await bystanders.expectUndisturbed();
  });

  it.each([
    ['no token', {}],
    ['a wrong token', bearer('wrong')],
    ['a wrong subprotocol', { 'Sec-WebSocket-Protocol': 'bearer.wrong' }],
    ['an empty subprotocol', { 'Sec-WebSocket-Protocol': 'bearer.' }],
  ])('57: opens no WebSocket to whoever shows %s, so that none waits for a token', async (_, shown) => {
    const bystanders = await openBystanders(stage.hub, token);
    // A login that is no good, besides.
    const Cookie = `hub_session_${String(stage.hub.httpPort)}=00000000_x`;
    const asked = { ...shown, Cookie, Origin: stage.hub.http };
    expect(await refusedUpgrade(stage.hub.http, '', asked)).toMatchObject({
      status: 401,
      body: { ok: false, code: 'unauthorized' },
    });
    await bystanders.expectUndisturbed();
  });

  it('51: believes nobody who says to be somebody else', async () => {
    const bystanders = await openBystanders(stage.hub, token);
    const claim = (at: number) => ({
      'X-Forwarded-For': `192.0.2.${String(at)}`,
      Forwarded: `for=192.0.2.${String(at)}`,
    });
    const client = await connectWs(stage.hub.http, '', { ...headers, ...claim(1) });
    await client.frame('caught_up');
    const { body } = await ask(`${stage.hub.http}/api/subscribers`, { headers: { ...headers, ...claim(2) } });
    const addresses = (body as { remoteAddress: string }[]).map(({ remoteAddress }) => remoteAddress);
    expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
    const logIn = async (at: number) => {
      const asked = { 'Content-Type': 'application/json', ...claim(at) };
      return (await ask(`${stage.hub.http}/api/session`, { method: 'POST', headers: asked, body: '{"token":"x"}' }))
        .status;
    };
    const statuses: number[] = [];
    for (let at = 0; at < 11; at += 1) statuses.push(await logIn(at));
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
    await bystanders.expectUndisturbed();
  });
});

describe('a hub that lets an address have 64 connections', () => {
  const most = 64;
  const stage = stageHub({ HUB_LIMITS_CONNECTIONS_PER_ADDRESS: String(most) });

  it('37: keeps so many of a thousand that come at once, and lets in again when they have gone', async () => {
    const { hub } = stage;
    const bystanders = await openBystanders(hub);
    const sockets = Array.from({ length: 1_000 }, () => connect(hub.tcpPort, '127.0.0.1'));
    let ended = 0;
    for (const socket of sockets) {
      socket.on('error', () => undefined).once('close', () => (ended += 1));
      socket.resume();
    }
    // One of them is the bystander.
    await waitFor(() => ended >= 1_000 - (most - 1), { what: 'the rest to be cut off', within: 20_000 });
    expect(await refusedOver(hub.http, 'connections')).toBe(1_000 - (most - 1));
    await bystanders.expectUndisturbed();
    expect(ended).toBe(1_000 - (most - 1));
    for (const socket of sockets) socket.destroy();
    await waitFor(
      async () => {
        const producer = await connectTcp(`${hub.tcpHost}:${String(hub.tcpPort)}`);
        producer.send({ message: 'after the storm' });
        return (await producer.answered(1))[0]?.ok;
      },
      { what: 'a place' },
    );
  });
});

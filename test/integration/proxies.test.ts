import { describe, expect, it } from 'vitest';
import { ask, askRaw, openStream } from '../support/hub-http.ts';
import { hubWith } from '../support/limited-hub.ts';
import { refusedOver } from '../support/metrics.ts';
import { proxyHeader } from '../support/proxy-header.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { connectWs, refusedUpgrade } from '../support/ws-client.ts';

describe('proxies', () => {
  it('that are not trusted speak for nobody', async () => {
    const hub = await hubWith({ LIMITS_CONNECTIONS_PER_ADDRESS: '3' });
    const producer = await connectTcp(hub.tcp);
    producer.send(Buffer.concat([proxyHeader('192.0.2.1'), Buffer.from('{"message":"m"}\n')]));
    await producer.ended;
    const error = 'PROXY header: not from an address of trustedProxies';
    expect(producer.answers).toEqual([{ ok: false, code: 'invalid_request', error }]);
    const text = await connectTcp(hub.tcp);
    text.send('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n{"message":"m"}\n');
    await text.ended;
    expect(text.answers).toMatchObject([{ code: 'invalid_request' }]);
    const streams = await Promise.all(
      [0, 1, 2].map((at) =>
        openStream(`${hub.http}/api/events?follow=1`, {
          Accept: 'application/x-ndjson',
          'X-Forwarded-For': `192.0.2.${at}`,
          Forwarded: `for=192.0.2.${at}`,
        }),
      ),
    );
    expect(streams).toHaveLength(3);
    expect((await ask(`${hub.http}/healthz`, { headers: { 'X-Forwarded-For': '192.0.2.9' } })).status).toBe(429);
    expect(await refusedOver((await hubWith({})).http, 'proxy_header')).toBe(0);
  });

  it('that are trusted say who is behind them, over HTTP and WebSockets', async () => {
    const hub = await hubWith({ TRUSTED_PROXIES: '127.0.0.0/8', LIMITS_CONNECTIONS_PER_ADDRESS: '1' });
    const one = await connectWs(hub.http, '', { 'X-Forwarded-For': '6.6.6.6, 192.0.2.1' });
    await one.frame('caught_up');
    const again = await connectWs(hub.http, '', { Forwarded: 'for="192.0.2.1:80"' });
    expect(await again.closed).toMatchObject({ code: 4429 });
    const stream = await openStream(`${hub.http}/api/events`, {
      Accept: 'text/event-stream',
      'X-Forwarded-For': '2001:db8::7',
    });
    const subscribers = (await ask(`${hub.http}/api/subscribers`)).body as { remoteAddress: string }[];
    expect(subscribers.map(({ remoteAddress }) => remoteAddress)).toEqual(['192.0.2.1', '2001:db8::7']);
    stream.cut();
    const head = 'GET /api/subscribers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n';
    const proxied = Buffer.concat([proxyHeader('192.0.2.1'), Buffer.from(`${head}X-Forwarded-For: 192.0.2.3\r\n\r\n`)]);
    expect(await askRaw(hub.http, proxied)).toContain('429');
  });

  it('that are trusted bring as many new WebSockets of one client as may connect in a second', async () => {
    const hub = await hubWith({ TRUSTED_PROXIES: '127.0.0.0/8', LIMITS_CONNECTS_PER_SECOND: '1' });
    const from = { 'X-Forwarded-For': '192.0.2.1' };
    const clients = await Promise.all(Array.from({ length: 8 }, () => connectWs(hub.http, '?subscribe=0', from)));
    const firsts = await Promise.all(clients.map((client) => client.frame(({ type }) => type !== 'ack')));
    expect(new Set(firsts.map(({ type }) => type))).toEqual(new Set(['hello', 'error']));
    const other = await connectWs(hub.http, '?subscribe=0', { 'X-Forwarded-For': '192.0.2.2' });
    await other.frame('hello');
    expect(await refusedOver(hub.http, 'connects')).toBeGreaterThanOrEqual(1);
  });

  it('that are trusted pass on no header that the client may have written itself', async () => {
    const hub = await hubWith({ TRUSTED_PROXIES: '127.0.0.0/8' });
    const headers = { 'X-Forwarded-For': '192.0.2.1', Forwarded: 'for=127.0.0.1' };
    const answer = await ask(`${hub.http}/healthz`, { headers });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(answer.body).toMatchObject({ error: expect.stringMatching(/^Forwarded, X-Forwarded-For: /) as string });
    expect(await refusedUpgrade(hub.http, '', headers)).toMatchObject({ status: 400 });
    expect((await ask(`${hub.http}/healthz`, { headers: { Forwarded: 'for=192.0.2.1' } })).status).toBe(200);
  });

  it('that are trusted say who is behind them, over TCP, however their header is cut', async () => {
    const hub = await hubWith({ TRUSTED_PROXIES: '127.0.0.1', LIMITS_CONNECTIONS_PER_ADDRESS: '1' });
    const first = await connectTcp(hub.tcp);
    const opening = Buffer.concat([proxyHeader('192.0.2.1'), Buffer.from('{"message":"one"}\n{"mess')]);
    for (const byte of opening) {
      first.send(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    first.send('age":"two"}\n');
    expect(await first.answered(2)).toMatchObject([{ position: 1 }, { position: 2 }]);
    const same = await connectTcp(hub.tcp);
    same.send(proxyHeader('192.0.2.1'), { message: 'm' });
    expect(await same.answered(1)).toMatchObject([{ ok: false, code: 'rate_limited', retryAfter: 1 }]);
    const other = await connectTcp(hub.tcp);
    other.send(proxyHeader('192.0.2.2'), { message: 'm' });
    expect(await other.answered(1)).toMatchObject([{ ok: true }]);
    const itself = await connectTcp(hub.tcp);
    itself.send({ message: 'm' });
    expect(await itself.answered(1)).toMatchObject([{ ok: true }]);
    const broken = await connectTcp(hub.tcp);
    const header = proxyHeader('192.0.2.3');
    header.writeUInt8(0x31, 12);
    broken.send(header);
    await broken.ended;
    expect(broken.answers).toMatchObject([
      { code: 'invalid_request', error: expect.stringMatching(/^PROXY header: /) as string },
    ]);
    expect(await refusedOver(hub.http, 'proxy_header')).toBe(1);
    const silent = await connectTcp(hub.tcp);
    await hub.stop();
    await silent.ended;
  });
});

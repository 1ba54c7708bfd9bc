import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpPublisher } from '../../src/client/http-publisher.ts';
import type { Publisher, PublisherOptions } from '../../src/client/publisher.ts';
import { createTcpPublisher } from '../../src/client/tcp-publisher.ts';
import { json, scriptHttp, type Answer } from '../support/scripted-http.ts';
import { scriptTcp } from '../support/scripted-tcp.ts';

/** Closed after the test; tells why it waited. */
function opened(create: (options: PublisherOptions) => Publisher): { publisher: Publisher; reasons: string[] } {
  const reasons: string[] = [];
  const publisher = create({
    backoff: { baseMs: 1, maxMs: 1 },
    onStatus: (status) => {
      if (status.state === 'waiting') reasons.push(status.reason);
    },
  });
  onTestFinished(() => publisher.close());
  return { publisher, reasons };
}

const accepted = '{"ok":true,"id":"a","position":1}\n';
const refused = { ok: false, code: 'unauthorized', error: 'token: unknown' };

describe('the TCP carrier', () => {
  const open = (peer: { host: string; port: number }, token?: string) =>
    opened((options) =>
      createTcpPublisher({ address: { ...peer, ...(token === undefined ? {} : { token }) }, ...options }),
    );

  it('sends its token first, and drafts only when that is accepted', async () => {
    const peer = await scriptTcp((line) => (line.includes('token') ? '{"ok":true}\n' : accepted));
    const { publisher } = open(peer, 'secret');
    expect(await publisher.publish({ id: 'a', message: 'm' })).toEqual({ ok: true, id: 'a', position: 1 });
    expect(peer.lines).toEqual(['{"token":"secret"}', '{"id":"a","message":"m"}']);
  });

  it('does not try again with a token that is refused', async () => {
    const peer = await scriptTcp((_, socket) => {
      socket.end(`${JSON.stringify(refused)}\n`);
      return '';
    });
    const { publisher } = open(peer, 'wrong');
    expect(await publisher.publish({ id: 'a', message: 'm' })).toEqual(refused);
    expect(peer.lines).toEqual(['{"token":"wrong"}']);
  });

  it('puts answers together that were cut anywhere', async () => {
    const peer = await scriptTcp((_, socket) => {
      for (const byte of Buffer.from(accepted)) socket.write(Buffer.of(byte));
      return '';
    });
    expect(await open(peer).publisher.publish({ id: 'a', message: 'm' })).toMatchObject({ ok: true });
  });

  it.each([
    ['text that is no answer', () => 'HTTP/1.1 400 Bad Request\r\n', 'the answer is no verdict: is it a hub?'],
    ['JSON that is none', () => '{"hello":1}\n', 'the answer is no verdict: is it a hub?'],
    ['a line without an end', () => 'x'.repeat(1_100_000), 'the answer is too long: is it a hub?'],
  ])('connects again after %s', async (_, nonsense, reason) => {
    let count = 0;
    const peer = await scriptTcp(() => ((count += 1) === 1 ? nonsense() : accepted));
    const { publisher, reasons } = open(peer);
    expect(await publisher.publish({ id: 'a', message: 'm' })).toMatchObject({ ok: true });
    expect(reasons[0]).toContain(reason);
    expect(peer.lines).toEqual(['{"id":"a","message":"m"}', '{"id":"a","message":"m"}']);
  });
});

describe('the HTTP carrier', () => {
  const open = (url: string) => opened((options) => createHttpPublisher({ url, ...options }));
  const result = { ok: true, id: 'a', position: 1 };
  const success = json({ ok: true, accepted: 1, rejected: 0, results: [result] });

  it.each<[string, Answer, string]>([
    [
      'a batch that was not recorded',
      json({ ok: false, code: 'unavailable', error: 'later' }, 503),
      'unavailable: later',
    ],
    [
      'a draft that was not',
      json(
        { ok: false, accepted: 0, rejected: 1, results: [{ ok: false, code: 'in_doubt', error: 'e', id: 'a' }] },
        503,
      ),
      'in_doubt: e',
    ],
    [
      'an answer that is not a hub’s',
      (_, response) => response.writeHead(502).end('<html>'),
      'HTTP 502 without a verdict',
    ],
    ['a broken connection', (_, response) => response.destroy(), 'cannot reach the hub at http://127.0.0.1:'],
  ])('sends again after %s', async (_, failure, reason) => {
    const { url, requests } = await scriptHttp(failure, success);
    const { publisher, reasons } = open(url);
    expect(await publisher.publish({ id: 'a', message: 'm' })).toEqual(result);
    expect(reasons[0]).toContain(reason);
    expect(requests).toHaveLength(2);
  });

  it('waits as long as the hub asks for', async () => {
    const limited = json({ ok: false, code: 'rate_limited', error: 'slower' }, 429, { 'Retry-After': '1' });
    const { url } = await scriptHttp(limited, success);
    const startedAt = performance.now();
    await open(url).publisher.publish({ id: 'a', message: 'm' });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
  });

  it('does not try again with a token that is refused', async () => {
    const { url, requests } = await scriptHttp(json(refused, 401));
    expect(await open(url).publisher.publish({ id: 'a', message: 'm' })).toEqual(refused);
    expect(requests).toHaveLength(1);
  });

  it('sends what comes meanwhile in one batch', async () => {
    const { url, requests } = await scriptHttp(success, (request, response) => {
      request.setEncoding('utf8').on('data', (body: string) => {
        const results = body
          .trim()
          .split('\n')
          .map((line, index) => ({ ok: true, id: (JSON.parse(line) as { id: string }).id, position: index + 2 }));
        response.end(JSON.stringify({ ok: true, results }));
      });
    });
    const { publisher } = open(url);
    const first = publisher.publish({ id: 'a', message: 'm' });
    await Promise.resolve();
    const rest = ['b', 'c', 'd'].map((id) => publisher.publish({ id, message: 'm' }));
    expect(await Promise.all([first, ...rest])).toMatchObject([
      { position: 1 },
      { position: 2 },
      { position: 3 },
      { position: 4 },
    ]);
    expect(requests).toHaveLength(2);
  });
});

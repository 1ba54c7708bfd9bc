import { describe, expect, it } from 'vitest';
import type { LimitName } from '../../src/limits/refusals.ts';
import { waitFor } from '../support/deadline.ts';
import { ask, post } from '../support/hub-http.ts';
import { startHub } from '../support/hub.ts';
import { refusedOver } from '../support/metrics.ts';
import { proxyHeader } from '../support/proxy-header.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { bearer, localToken, makeToken } from '../support/tokens.ts';
import { connectWs } from '../support/ws-client.ts';

const rateLimited = { ok: false, code: 'rate_limited', retryAfter: 1 };
const times = (count: number) => Array.from({ length: count }, (_, at) => at);

/** A hub that believes whoever asks about the address they come from. */
const guarded = async (limits: Readonly<Record<string, string>>) => {
  const dataDir = await makeTempDir();
  const named = Object.entries(limits).map(([name, value]) => [`HUB_LIMITS_${name}`, value] as const);
  const env = { ...Object.fromEntries(named), HUB_TRUSTED_PROXIES: '127.0.0.0/8' };
  const hub = await startHub({ dataDir, env });
  const token = async (role: string) => (await makeToken(hub.http, dataDir, { role })).token;
  const refused = async (limit: LimitName) => refusedOver(hub.http, limit, bearer(await localToken(dataDir)));
  return { ...hub, token, refused };
};
const from = (address: string, token: string) => ({ ...bearer(token), 'X-Forwarded-For': address });

describe('a TCP connection without its token', () => {
  it('ends in time, whatever it sends that is none', async () => {
    const { tcp, token, refused } = await guarded({ INPUT_TIMEOUT: '1s' });
    await token('ingest');
    const silent = await connectTcp(tcp);
    const chatty = await connectTcp(tcp);
    for (const producer of [silent, chatty]) producer.send(proxyHeader('192.0.2.1'));
    const chat = setInterval(() => chatty.socket.write('\n'), 200);
    await Promise.all([silent.ended, chatty.ended]);
    clearInterval(chat);
    expect([silent, chatty].map(({ answers }) => answers.map(({ code }) => code))).toEqual([
      ['unauthorized'],
      ['unauthorized'],
    ]);
    expect(await refused('unfinished_input')).toBe(2);
  });

  it('ends in the same time where it comes from a trusted proxy that says nothing', async () => {
    const { tcp, token } = await guarded({ INPUT_TIMEOUT: '1s' });
    await token('ingest');
    await (
      await connectTcp(tcp)
    ).ended;
  });
});

describe('one token', () => {
  it('has one rate, from whatever address and over whatever channel it is shown', async () => {
    const { http, tcp, token, refused } = await guarded({ EVENTS_PER_SECOND: '5' });
    const [shared, other] = [await token('ingest'), await token('ingest')];
    const batch = times(100).map((at) => ({ message: String(at) }));
    expect(await post(http, batch, from('192.0.2.1', shared))).toMatchObject({ status: 200, body: { accepted: 100 } });
    const answer = {
      ok: false,
      code: 'rate_limited',
      error: expect.stringMatching(/^at most 5 events a second with one token; wait \d+ s$/) as string,
      retryAfter: expect.any(Number) as number,
    };
    expect(await post(http, { message: 'm' }, from('192.0.2.2', shared))).toMatchObject({ status: 429, body: answer });
    const producer = await connectTcp(tcp);
    producer.send(proxyHeader('192.0.2.3'), { token: shared }, { message: 'm' });
    expect(await producer.answered(2)).toEqual([{ ok: true }, answer]);
    const client = await connectWs(http, '?subscribe=0', from('192.0.2.4', shared));
    client.send({ type: 'publish', ref: 1, event: { message: 'm' } });
    expect(await client.frame('ack')).toMatchObject({ results: [answer] });
    expect([await refused('token_events'), await refused('events')]).toEqual([3, 0]);

    expect(await post(http, { message: 'm' }, from('192.0.2.2', other))).toMatchObject({ status: 201 });
  });

  it('has one rate of bytes over TCP, what comes with its line too', async () => {
    const { tcp, token, refused } = await guarded({ BYTES_PER_SECOND: '1000' });
    const shared = await token('ingest');
    const first = await connectTcp(tcp);
    first.send(Buffer.concat([proxyHeader('192.0.2.1'), Buffer.from(`{"token":"${shared}"}\n${'\n'.repeat(3_000)}`)]));
    await first.answered(1);
    const probe = await connectTcp(tcp);
    probe.send(proxyHeader('192.0.2.2'), { token: shared });
    await probe.answered(1);
    await waitFor(
      async () => {
        probe.send({ message: 'm' });
        return (await probe.answered(probe.answers.length + 1)).at(-1)?.code === 'rate_limited';
      },
      { what: 'a refusal' },
    );
    expect(await refused('token_bytes')).toBeGreaterThanOrEqual(1);
  });

  it('has as many subscriptions as is set, over WebSockets and streams', async () => {
    const { http, token, refused } = await guarded({ SUBSCRIPTIONS_PER_TOKEN: '1' });
    const [shared, other] = [await token('read'), await token('read')];
    const first = await connectWs(http, '', from('192.0.2.1', shared));
    await first.frame('caught_up');
    const second = await connectWs(http, '', from('192.0.2.2', shared));
    expect(await second.frame('error')).toMatchObject({ code: 'rate_limited' });
    const headers = { ...from('192.0.2.3', shared), Accept: 'text/event-stream' };
    expect(await ask(`${http}/api/events`, { headers })).toMatchObject({ status: 429, body: rateLimited });
    expect(await refused('token_subscriptions')).toBe(2);
    await (await connectWs(http, '', from('192.0.2.1', other))).frame('caught_up');
  });

  it('has as many TCP connections and WebSockets as is set', async () => {
    const { http, tcp, token, refused } = await guarded({ CONNECTIONS_PER_TOKEN: '2' });
    const [shared, other] = [await token('ingest'), await token('ingest')];
    const shown = async (at: number, secret: string) => {
      const producer = await connectTcp(tcp);
      producer.send(proxyHeader(`192.0.2.${String(at)}`), { token: secret });
      const [answer] = await producer.answered(1);
      return { producer, answer };
    };
    const socket = await connectWs(http, '?subscribe=0', from('192.0.2.1', shared));
    await socket.frame('hello');
    const first = await shown(2, shared);
    expect(first.answer).toEqual({ ok: true });
    const error = 'too many connections with this token; close some, or wait';
    const second = await shown(3, shared);
    expect(second.answer).toEqual({ ...rateLimited, error });
    await second.producer.ended;
    const third = await connectWs(http, '?subscribe=0', from('192.0.2.4', shared));
    expect(await third.frame('error')).toMatchObject({ code: 'rate_limited', error });
    expect(await third.closed).toMatchObject({ code: 4429 });
    expect(await refused('token_connections')).toBe(2);

    expect((await shown(5, other)).answer).toEqual({ ok: true });
    first.producer.socket.end();
    await first.producer.ended;
    await waitFor(async () => (await shown(6, shared)).answer?.ok === true, { what: 'the place to be free again' });
  });

  it('may begin as many TCP connections and WebSockets in a second as is set', async () => {
    const { http, tcp, token, refused } = await guarded({ CONNECTS_PER_SECOND_PER_TOKEN: '1' });
    const shared = await token('ingest');
    const answers = await Promise.all(
      times(10).map(async (at) => {
        const producer = await connectTcp(tcp);
        producer.send(proxyHeader(`192.0.2.${String(at)}`), { token: shared });
        const [answer] = await producer.answered(1);
        return answer;
      }),
    );
    expect(answers).toContainEqual({ ok: true });
    expect(answers).toContainEqual(expect.objectContaining(rateLimited));
    const socket = await connectWs(http, '?subscribe=0', from('192.0.2.11', shared));
    expect(await socket.frame('error')).toMatchObject({ code: 'rate_limited' });
    expect(await refused('token_connects')).toBeGreaterThanOrEqual(2);
  });

  it('has as many reads of the log at a time as is set', async () => {
    const { http, token, refused } = await guarded({ HISTORY_READS_PER_TOKEN: '2' });
    const [sender, reader] = [await token('ingest'), await token('read')];
    const events = times(1_000).map(() => ({ message: 'm' }));
    await post(http, events, from('192.0.2.1', sender));
    const read = (at: number) =>
      ask(`${http}/api/events?q=message:*z*`, { headers: from(`192.0.2.${String(at)}`, reader) });
    expect(new Set((await Promise.all(times(30).map(read))).map(({ status }) => status))).toEqual(new Set([200, 429]));
    expect(await refused('token_history_reads')).toBeGreaterThanOrEqual(1);
  });
});

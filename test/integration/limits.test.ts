import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { ask, openPost, openStream, page, post, type HttpAnswer } from '../support/hub-http.ts';
import { hubWith } from '../support/limited-hub.ts';
import { refusedOver, requestsUnderWay } from '../support/metrics.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { connectWs } from '../support/ws-client.ts';

const rateLimited = { ok: false, code: 'rate_limited', retryAfter: 1 };
const times = (count: number) => Array.from({ length: count }, (_, at) => at);
const statusesOf = (answers: readonly HttpAnswer[]) => answers.map(({ status }) => status).sort();

describe('connections over TCP', () => {
  it('are refused with an answer beyond what an address may have, and let in again when one has gone', async () => {
    const hub = await hubWith({ LIMITS_CONNECTIONS_PER_ADDRESS: '2' });
    const [first, second] = [await connectTcp(hub.tcp), await connectTcp(hub.tcp)];
    const third = await connectTcp(hub.tcp);
    third.send({ message: 'm' });
    expect(await third.answered(1)).toMatchObject([rateLimited]);
    await third.ended;
    second.send({ message: 'm' });
    expect(await second.answered(1)).toMatchObject([{ ok: true }]);
    first.socket.destroy();
    await waitFor(
      async () => {
        const next = await connectTcp(hub.tcp);
        next.send({ message: 'm' });
        const [answer] = await next.answered(1);
        next.socket.destroy();
        return answer?.ok;
      },
      { what: 'a place' },
    );
    expect(await refusedOver(hub.http, 'connections')).toBeGreaterThanOrEqual(1);
  });

  it('are refused with an answer when they come too fast', async () => {
    const hub = await hubWith({ LIMITS_CONNECTS_PER_SECOND: '1' });
    const producers = await Promise.all(times(20).map(() => connectTcp(hub.tcp)));
    await waitFor(() => producers.filter(({ answers }) => answers.length === 1).length >= 15, { what: 'refusals' });
    for (const { answers, ended } of producers.filter((producer) => producer.answers.length > 0)) {
      expect(answers).toMatchObject([rateLimited]);
      await ended;
    }
    expect(producers.some(({ answers }) => answers.length === 0)).toBe(true);
  });

  it('end with an answer when a line is not finished, or nothing comes, in time', async () => {
    const hub = await hubWith({ LIMITS_INPUT_TIMEOUT: '1s', LIMITS_IDLE_TIMEOUT: '2s' });
    const [trickling, half, silent] = await Promise.all(times(3).map(() => connectTcp(hub.tcp)));
    const trickle = setInterval(() => trickling?.send('x'), 100);
    onTestFinished(() => clearInterval(trickle));
    half?.send({ message: 'm' }, '{"message":');
    await Promise.all([trickling?.ended, half?.ended, silent?.ended]);
    const unfinished = {
      ok: false,
      code: 'invalid_request',
      error: 'line: must be finished within 1 s; this one is not recorded',
    };
    expect(trickling?.answers).toEqual([unfinished]);
    expect(half?.answers).toMatchObject([{ ok: true }, unfinished]);
    const error = 'nothing came for 2 s; connect again when there is something to send';
    expect(silent?.answers).toEqual([{ ok: false, code: 'unavailable', error }]);
    expect(await refusedOver(hub.http, 'unfinished_input')).toBe(2);
    expect(await refusedOver(hub.http, 'idle')).toBe(1);
  });

  it('end when the answers are not read', async () => {
    const hub = await hubWith({ LIMITS_ANSWER_TIMEOUT: '1s' });
    const producer = await connectTcp(hub.tcp);
    producer.socket.pause();
    // A million short answers, more than the system's own buffers take.
    producer.send('1\n'.repeat(1_000_000));
    await waitFor(async () => (await refusedOver(hub.http, 'unread_answers')) === 1, {
      what: 'the end of the connection',
      within: 20_000,
    });
    producer.socket.resume();
    await producer.ended;
  });
});

describe('a rate', () => {
  it('of events is answered over TCP with the time to wait, and the connection goes on', async () => {
    const hub = await hubWith({ LIMITS_EVENTS_PER_SECOND: '2' });
    const producer = await connectTcp(hub.tcp);
    producer.send(...times(8).map((at) => ({ message: String(at) })));
    const answers = await producer.answered(8);
    const refused = { ...rateLimited, error: 'at most 2 events a second from one address; wait 1 s' };
    expect(answers.slice(0, 4).every(({ ok }) => ok)).toBe(true);
    expect(answers.slice(4)).toEqual(answers.slice(4).map((answer) => (answer.ok ? answer : refused)));
    expect(answers.filter(({ ok }) => !ok).length).toBeGreaterThanOrEqual(2);
    const another = await connectTcp(hub.tcp);
    await waitFor(
      async () => {
        another.send({ message: 'm' });
        return (await another.answered(another.answers.length + 1)).at(-1)?.ok;
      },
      { what: 'the next event that is let in' },
    );
    expect((await page(hub.http, 'limit=0')).head).toBe(
      [...producer.answers, ...another.answers].filter(({ ok }) => ok).length,
    );
  });

  it('read nothing more of a web page whose lines were refused before', async () => {
    const { tcp } = await hubWith({ LIMITS_EVENTS_PER_SECOND: '1' });
    const producer = await connectTcp(tcp);
    producer.send({ message: '1' }, { message: '2' }, { message: '3' });
    producer.socket.write('Origin: http://x.example\r\n\r\n{"message":"4"}\n');
    await producer.ended;
    expect(producer.answers.at(-1)).toMatchObject({ ok: false, code: 'invalid_json' });
    expect(producer.answers).toHaveLength(4);
  });

  it('of bytes counts over TCP whatever has come', async () => {
    const hub = await hubWith({ LIMITS_BYTES_PER_SECOND: '1000' });
    const producer = await connectTcp(hub.tcp);
    producer.send('\n'.repeat(20_000));
    const probe = await connectTcp(hub.tcp);
    await waitFor(
      async () => {
        probe.send({ message: 'm' });
        return (await probe.answered(probe.answers.length + 1)).at(-1)?.code === 'rate_limited';
      },
      { what: 'a refusal' },
    );
    expect(await refusedOver(hub.http, 'bytes')).toBeGreaterThanOrEqual(1);
  });

  it('lets a request over HTTP in as a whole, and refuses the next with 429 and Retry-After', async () => {
    const hub = await hubWith({ LIMITS_EVENTS_PER_SECOND: '10' });
    const batch = times(100).map((at) => ({ message: String(at) }));
    expect(await post(hub.http, batch)).toMatchObject({ status: 200, body: { accepted: 100 } });
    const refused = await post(hub.http, { message: 'm' });
    expect(refused).toMatchObject({ status: 429, body: { ok: false, code: 'rate_limited' } });
    const { retryAfter } = refused.body as { retryAfter: number };
    expect(refused.headers['retry-after']).toBe(String(retryAfter));
    expect(retryAfter).toBeGreaterThanOrEqual(5);
    const lines = await ask(`${hub.http}/api/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-ndjson' },
      body: '{"message":"m"}\n',
    });
    expect(lines.status).toBe(429);
    expect((await page(hub.http, 'limit=0')).head).toBe(100);
  });

  it.each([
    [
      'an array',
      'application/json',
      `[${times(500)
        .map(() => '{"message":"m"}')
        .join(',')}]`,
    ],
    ['lines', 'application/x-ndjson', '{"message":"m"}\n'.repeat(500)],
    ['a line without an end', 'application/x-ndjson', '{"message":"m"}\n'.repeat(499) + '{"message":"m"}'],
  ])('lets in one of many requests that come at the same time: %s', async (_, type, body) => {
    const hub = await hubWith({ LIMITS_EVENTS_PER_SECOND: '10' });
    const heads = await Promise.all(times(20).map(() => openPost(`${hub.http}/api/events`, type, body.length)));
    await waitFor(async () => (await requestsUnderWay(hub.http)) === 21, { what: 'every head to be read' });
    const answers = await Promise.all(heads.map((end) => end(body)));
    expect(statusesOf(answers)).toEqual([200, ...times(19).map(() => 429)]);
    for (const { status, body: answer, headers } of answers) {
      if (status === 200) continue;
      expect(answer).toMatchObject({ ok: false, code: 'rate_limited', retryAfter: expect.any(Number) as number });
      expect(headers['retry-after']).toBe(String((answer as { retryAfter: number }).retryAfter));
    }
    expect((await page(hub.http, 'limit=0')).head).toBe(500);
  });

  it('lets in one body of lines at a time, which may be long', async () => {
    const { http } = await hubWith({ LIMITS_EVENTS_PER_SECOND: '10' });
    const line = '{"message":"m"}\n';
    const slow = request(`${http}/api/events`, { method: 'POST', headers: { 'Content-Type': 'application/x-ndjson' } });
    slow.write(line);
    await waitFor(async () => (await page(http, 'limit=0')).head === 1, { what: 'its first line' });
    const lines = (body: string) =>
      ask(`${http}/api/events`, { method: 'POST', headers: { 'Content-Type': 'application/x-ndjson' }, body });
    expect(await lines(line)).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    slow.end(line);
    const [answer] = (await once(slow, 'response')) as [IncomingMessage];
    expect(answer.resume().statusCode).toBe(200);
    expect((await lines(line)).status).toBe(200);
  });

  it('is answered over a WebSocket in the place of each draft', async () => {
    const hub = await hubWith({ LIMITS_EVENTS_PER_SECOND: '2' });
    const client = await connectWs(hub.http, '?subscribe=0');
    client.send({ type: 'publish', ref: 1, events: times(20).map(() => ({ message: 'm' })) });
    client.send({ type: 'publish', ref: 2, events: [{ message: 'm' }, { message: 'm' }] });
    client.send({ message: 'bare' });
    const refused = { ok: false, code: 'rate_limited', retryAfter: expect.any(Number) as number };
    expect(await client.frame(({ ref }) => ref === 2)).toMatchObject({ type: 'ack', results: [refused, refused] });
    const bare = await client.frame(({ type, ref }) => type === 'ack' && ref === undefined);
    expect(bare).toMatchObject({ results: [refused] });
  });
});

describe('a rate of bytes over a WebSocket', () => {
  it.each([
    ['text without meaning', 'x'.repeat(20_000)],
    ['binary frames', Buffer.alloc(20_000)],
    ['characters of three bytes', JSON.stringify({ message: '漢'.repeat(1_000) })],
  ])('counts whatever has come: %s', async (_, frame) => {
    const { http } = await hubWith({ LIMITS_BYTES_PER_SECOND: '1000' });
    const client = await connectWs(http, '?subscribe=0');
    client.socket.send(frame);
    client.send({ type: 'publish', ref: 9, event: { message: 'm' } });
    const refused = { ok: false, code: 'rate_limited' };
    expect(await client.frame(({ ref }) => ref === 9)).toMatchObject({ results: [refused] });
  });
});

describe('requests over HTTP', () => {
  it('are as many at a time as an address may have', async () => {
    const hub = await hubWith({ LIMITS_CONNECTIONS_PER_ADDRESS: '2' });
    const streams = await Promise.all(
      times(2).map(() => openStream(`${hub.http}/api/events?follow=1`, { Accept: 'application/x-ndjson' })),
    );
    const refused = await post(hub.http, { message: 'm' });
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '1' }, body: rateLimited });
    const socket = await connectWs(hub.http);
    expect(await socket.frame('error')).toMatchObject({ code: 'rate_limited' });
    expect(await socket.closed).toMatchObject({ code: 4429 });
    streams[0]?.cut();
    await waitFor(async () => (await post(hub.http, { message: 'm' })).status === 201, { what: 'a place' });
  });

  it('are refused on a connection too many, or that comes too fast', async () => {
    const hub = await hubWith({ LIMITS_CONNECTS_PER_SECOND: '2' });
    const answers = await Promise.all(times(30).map(() => ask(`${hub.http}/healthz`)));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThanOrEqual(20);
    for (const answer of refused) {
      expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '1' }, body: rateLimited });
    }
    const few = await hubWith({ LIMITS_CONNECTIONS: '3' });
    const { hostname, port } = new URL(few.http);
    const resting = times(3).map(() => connect(Number(port), hostname));
    onTestFinished(() => resting.forEach((socket) => socket.destroy()));
    await Promise.all(resting.map((socket) => once(socket, 'connect')));
    expect(await ask(`${few.http}/healthz`)).toMatchObject({ status: 429, body: rateLimited });
    resting.forEach((socket) => socket.destroy());
    await waitFor(async () => (await ask(`${few.http}/healthz`)).status === 200, { what: 'a place' });
    const sockets = await Promise.all(times(2).map(() => connectWs(few.http)));
    sockets.forEach(({ socket }) => socket.close());
    await waitFor(
      async () => statusesOf(await Promise.all(times(3).map(() => ask(`${few.http}/healthz`))))[2] === 200,
      {
        what: 'the places of the WebSockets',
      },
    );
  });

  it('have bodies that share a bound while they arrive', async () => {
    const hub = await hubWith({ LIMITS_BODY_MEMORY: '100KiB' });
    const { hostname, port } = new URL(hub.http);
    const slow = connect(Number(port), hostname);
    onTestFinished(() => void slow.destroy());
    slow.on('error', () => undefined);
    const head = 'Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n';
    slow.write(`POST /api/events HTTP/1.1\r\n${head}${' '.repeat(80_000)}`);
    const many = JSON.stringify(times(300).map(() => ({ message: 'x'.repeat(100) })));
    await waitFor(
      async () => {
        const answer = await post(hub.http, many);
        return answer.status === 503 && (answer.body as { code: string }).code === 'unavailable';
      },
      { what: 'a refusal' },
    );
    slow.destroy();
    await waitFor(async () => (await post(hub.http, many)).status === 200, { what: 'room for the body' });
  });

  it('have long answers that share a bound while they wait to be taken, and the longest wait ends', async () => {
    const hub = await hubWith({ LIMITS_ANSWER_MEMORY: '6MiB' });
    const batch = times(100).map(() => ({ message: 'm'.repeat(8_000) }));
    for (let at = 0; at < 8; at += 1) expect(await post(hub.http, batch)).toMatchObject({ body: { accepted: 100 } });
    const whole = JSON.stringify((await ask(`${hub.http}/api/events?limit=1000`)).body).length;
    const begin = async () => {
      const outgoing = request(`${hub.http}/api/events?limit=1000`, { agent: false });
      onTestFinished(() => void outgoing.destroy());
      outgoing.on('error', () => undefined).end();
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      return response;
    };
    const [first, second] = [await begin(), await begin()];
    await waitFor(async () => (await refusedOver(hub.http, 'answer_memory')) === 1, { what: 'a cut' });
    expect((await buffer(second)).length).toBe(whole);
    await expect(buffer(first)).rejects.toThrow('aborted');
    expect(String((await ask(`${hub.http}/metrics`)).body)).toContain('in_use{limit="answer_memory_bytes"} 0\n');
  });

  it('count until their answers have been taken', async () => {
    const hub = await hubWith({ LIMITS_CONNECTIONS_PER_ADDRESS: '2' });
    for (let at = 0; at < 8; at += 1)
      await post(
        hub.http,
        times(100).map(() => ({ message: 'm'.repeat(8_000) })),
      );
    const { hostname, port } = new URL(hub.http);
    const slow = await Promise.all(
      times(2).map(async () => {
        const socket = connect(Number(port), hostname).pause();
        onTestFinished(() => void socket.destroy());
        socket.on('error', () => undefined);
        socket.write('GET /api/events?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n');
        await once(socket, 'readable');
        return socket;
      }),
    );
    expect(await post(hub.http, { message: 'm' })).toMatchObject({ status: 429, body: rateLimited });
    slow.forEach((socket) => socket.destroy());
    await waitFor(async () => (await post(hub.http, { message: 'm' })).status === 201, { what: 'a place' });
  });

  it('end when head or body trickle', { timeout: 90_000 }, async () => {
    const hub = await hubWith({});
    const { hostname, port } = new URL(hub.http);
    const beginnings = [
      'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
      'POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n',
      '',
    ];
    const ended = beginnings.map(async (beginning) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined).resume();
      socket.write(beginning);
      const trickle = setInterval(() => beginning !== '' && socket.write('a'), 500);
      await once(socket, 'close');
      clearInterval(trickle);
      return 'closed';
    });
    expect(await Promise.all(ended)).toEqual(['closed', 'closed', 'closed']);
    expect((await post(hub.http, { message: 'm' })).status).toBe(201);
  });
});

describe('readers', () => {
  it('have as many subscriptions as an address may', async () => {
    const hub = await hubWith({ LIMITS_SUBSCRIPTIONS_PER_ADDRESS: '2' });
    const first = await connectWs(hub.http);
    await first.frame('caught_up');
    // The same one again, in another place.
    first.send({ type: 'subscribe' });
    await waitFor(() => first.frames.filter(({ type }) => type === 'caught_up').length === 2, { what: 'the second' });
    const stream = await openStream(`${hub.http}/api/events`, { Accept: 'text/event-stream' });
    const third = await ask(`${hub.http}/api/events?follow=1`, { headers: { Accept: 'application/x-ndjson' } });
    expect(third).toMatchObject({ status: 429, body: rateLimited });
    const socket = await connectWs(hub.http);
    expect(await socket.frame('error')).toMatchObject({ code: 'rate_limited', retryAfter: 1 });
    expect(await socket.closed).toMatchObject({ code: 4429 });
    stream.cut();
    first.socket.close();
    await waitFor(async () => (await connectWs(hub.http)).frame('caught_up'), { what: 'a place' });
    expect(await refusedOver(hub.http, 'subscriptions')).toBe(2);
  });

  it('are as many at a time as is set', async () => {
    const hub = await hubWith({ LIMITS_HISTORY_READS_PER_ADDRESS: '2' });
    await post(
      hub.http,
      times(1_000).map(() => ({ message: 'm' })),
    );
    const answers = await Promise.all(times(30).map(() => ask(`${hub.http}/api/events?q=message:*z*`)));
    expect(new Set(statusesOf(answers))).toEqual(new Set([200, 429]));
    expect(answers.find(({ status }) => status === 429)).toMatchObject({ body: rateLimited });
    expect((await page(hub.http, 'limit=1')).events).toHaveLength(1);
  });

  it.each([
    ['pings', (socket: { ping(): void; send(text: string): void }) => socket.ping()],
    ['subscribe frames', (socket: { send(text: string): void }) => socket.send('{"type":"subscribe"}')],
    ['binary frames', (socket: { send(data: Uint8Array): void }) => socket.send(Buffer.of(1))],
    [
      'publish frames without events',
      (socket: { send(text: string): void }) => socket.send('{"type":"publish","events":[]}'),
    ],
    ['frames without meaning', (socket: { send(text: string): void }) => socket.send('{')],
  ])('are cut off with 4429 when they send too many %s', async (_, send) => {
    const hub = await hubWith({});
    const flooding = await connectWs(hub.http);
    const good = await connectWs(hub.http);
    times(2_000).forEach(() => send(flooding.socket));
    expect(await flooding.closed).toMatchObject({ code: 4429 });
    expect(await refusedOver(hub.http, 'frames')).toBeGreaterThanOrEqual(1);
    times(100).forEach((ref) => good.send({ type: 'publish', ref, event: { message: 'm' } }));
    expect(await good.frame(({ ref }) => ref === 99)).toMatchObject({ results: [{ ok: true }] });
  });
});

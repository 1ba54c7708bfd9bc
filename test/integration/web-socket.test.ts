import { describe, expect, it } from 'vitest';
import { startHub } from '../support/hub.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { connectWs, type Frame, type WsClient } from '../support/ws-client.ts';
import { waitFor } from '../support/deadline.ts';

const hubInTempDir = async () => startHub({ dataDir: await makeTempDir() });

/** Posts an array of drafts. */
async function post(http: string, drafts: readonly object[]): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(`${http}/api/events`, { method: 'POST', headers, body: JSON.stringify(drafts) });
  expect(answer.status).toBe(200);
}

const numbered = (count: number, fields: object = {}) =>
  Array.from({ length: count }, (_, at) => ({ message: `m${at}`, ...fields }));
const ref = (value: unknown) => (frame: Frame) => frame['ref'] === value;
const at = (type: string, position: number) => (frame: Frame) => frame.type === type && frame['position'] === position;
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** What a client has been told, as types in a row, several of the same as one. */
function story(client: WsClient): readonly string[] {
  return client.frames.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
}

describe('subscribing over a WebSocket', () => {
  it('begins with hello, and from now on when nothing else is said', async () => {
    const hub = await hubInTempDir();
    await post(hub.http, numbered(3));
    const client = await connectWs(hub.http);
    const hello = await client.frame('hello');
    expect(Object.keys(hello)).toEqual(['type', 'epoch', 'head', 'first', 'after', 'version']);
    expect(hello).toMatchObject({ head: 3, first: 1, after: 3 });
    expect(await client.frame('caught_up')).toEqual({ type: 'caught_up', position: 3 });
    await post(hub.http, numbered(2));
    await waitFor(() => client.positions.length === 2, { what: 'two live events' });
    expect(client.positions).toEqual([4, 5]);
    expect(story(client)).toEqual(['hello', 'caught_up', 'events']);
  });

  it('gives history in pages, says where it ends, and goes on live, without a gap or a double under load', async () => {
    const hub = await hubInTempDir();
    await post(hub.http, numbered(3_000));
    const producer = await connectTcp(hub.tcp);
    producer.send(...numbered(2_000));
    const clients = await Promise.all([0, 1, 2_999].map((after) => connectWs(hub.http, `?after=${after}`)));
    producer.send(...numbered(3_000));
    await producer.answered(5_000);
    for (const [index, after] of [0, 1, 2_999].entries()) {
      const client = clients[index];
      if (client === undefined) throw new Error('no client');
      await waitFor(() => client.positions.at(-1) === 8_000, { what: 'the last event', within: 15_000 });
      expect(client.positions).toEqual(upTo(8_000).slice(after));
      expect(story(client).slice(0, 3)).toEqual(['hello', 'events', 'caught_up']);
    }
  });

  it('takes the filters of the query, and tells positions that it had nothing to send for', async () => {
    const hub = await hubInTempDir();
    const client = await connectWs(hub.http, '?after=0&q=severity%3E%3Derror&source=a,b');
    await client.frame('caught_up');
    await post(hub.http, [
      { message: 'm', source: 'a', severity: 'error' },
      { message: 'm', source: 'c', severity: 'error' },
      { message: 'm', source: 'b', severity: 'info' },
      { message: 'm', source: 'b', severity: 'critical' },
      { message: 'm', source: 'c' },
    ]);
    await client.frame(at('checkpoint', 5));
    expect(client.positions).toEqual([1, 4]);
  });

  it('begins at an instant when since is given', async () => {
    const hub = await hubInTempDir();
    const time = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    await post(
      hub.http,
      [120, 30, 90, 5].map((minutes) => ({ message: 'm', time: time(minutes) })),
    );
    const client = await connectWs(hub.http, '?since=1h');
    expect(await client.frame('hello')).toMatchObject({ after: 0 });
    await client.frame('caught_up');
    expect(client.positions).toEqual([2, 4]);
  });

  it('is replaced by another one on the same connection, with what that one omits at its default', async () => {
    const hub = await hubInTempDir();
    await post(hub.http, [...numbered(3, { source: 'a' }), ...numbered(3, { source: 'b' })]);
    const client = await connectWs(hub.http, '?after=0&source=a');
    await client.frame('caught_up');
    expect(client.positions).toEqual([1, 2, 3]);
    client.send({ type: 'subscribe', after: 4 });
    await waitFor(() => client.frames.filter(({ type }) => type === 'caught_up').length === 2, {
      what: 'caught up again',
    });
    expect(client.positions).toEqual([1, 2, 3, 5, 6]);
    expect(story(client)).toEqual(['hello', 'events', 'caught_up', 'hello', 'events', 'caught_up']);
    client.send({ type: 'subscribe', q: 'source:b' });
    await waitFor(() => client.frames.filter(({ type }) => type === 'caught_up').length === 3, {
      what: 'caught up again',
    });
    await post(hub.http, [
      { message: 'm', source: 'a' },
      { message: 'm', source: 'b' },
    ]);
    await waitFor(() => client.positions.at(-1) === 8, { what: 'the live event' });
    expect(client.positions).toEqual([1, 2, 3, 5, 6, 8]);
  });

  it('does not begin with subscribe=0 until it is asked for', async () => {
    const hub = await hubInTempDir();
    const client = await connectWs(hub.http, '?subscribe=0');
    expect(await client.frame('hello')).toMatchObject({ head: 0, after: 0 });
    client.send({ type: 'publish', ref: 'a', event: { message: 'm' } });
    await client.frame('ack');
    expect(story(client)).toEqual(['hello', 'ack']);
    client.send({ type: 'subscribe', after: 0 });
    await client.frame('caught_up');
    expect(client.positions).toEqual([1]);
  });

  it('keeps the old subscription when a new one is refused', async () => {
    const hub = await hubInTempDir();
    const client = await connectWs(hub.http);
    await client.frame('caught_up');
    client.send({ type: 'subscribe', ref: 1, q: 'severity>>error' });
    client.send({ type: 'subscribe', ref: 2, after: 9 });
    client.send({ type: 'subscribe', ref: 3, wrong: 1 });
    expect(await client.frame(ref(1))).toMatchObject({ type: 'error', code: 'invalid_query' });
    expect(await client.frame(ref(2))).toMatchObject({
      code: 'invalid_request',
      error: expect.stringMatching(/^after: /) as string,
    });
    expect(await client.frame(ref(3))).toMatchObject({
      code: 'invalid_request',
      error: expect.stringMatching(/^wrong: /) as string,
    });
    await post(hub.http, numbered(1));
    await waitFor(() => client.positions.length === 1, { what: 'the live event' });
  });

  it('falls back to the log while its reader is slow, and misses nothing', async () => {
    const hub = await hubInTempDir();
    const client = await connectWs(hub.http);
    await client.frame('caught_up');
    client.socket.pause();
    const producer = await connectTcp(hub.tcp);
    producer.send(...numbered(6_000, { data: { padding: 'x'.repeat(2_000) } }));
    await producer.answered(6_000);
    client.socket.resume();
    await waitFor(() => client.positions.length === 6_000, { what: 'all events', within: 15_000 });
    expect(client.positions).toEqual(upTo(6_000));
    await client.frame('fell_behind');
    await waitFor(() => client.frames.filter(({ type }) => type === 'caught_up').length > 1, {
      what: 'caught up again',
    });
  });
});

describe('publishing over a WebSocket', () => {
  it('acknowledges one draft and several, with their ref, and shows them to subscribers', async () => {
    const hub = await hubInTempDir();
    const client = await connectWs(hub.http);
    client.send({ type: 'publish', ref: 'a1', event: { message: 'm', id: 'x' } });
    client.send({
      type: 'publish',
      ref: 2,
      events: [{ message: 'm', id: 'x' }, { message: 'n', id: 'x' }, { message: '' }],
    });
    client.send({ type: 'publish', events: [] });
    expect(await client.frame(ref('a1'))).toEqual({
      type: 'ack',
      ref: 'a1',
      results: [{ ok: true, id: 'x', position: 1 }],
    });
    expect(await client.frame(ref(2))).toMatchObject({
      results: [{ position: 1, duplicate: true }, { code: 'id_conflict' }, { code: 'invalid_event' }],
    });
    expect(await client.frame((frame) => frame.type === 'ack' && !('ref' in frame))).toEqual({
      type: 'ack',
      results: [],
    });
    await waitFor(() => client.positions.length === 1, { what: 'the live event' });
  });

  it('takes a draft without a frame around it, whatever it calls ref', async () => {
    const hub = await hubInTempDir();
    const client = await connectWs(hub.http, '?after=0');
    client.send({ message: 'm', ref: { ticket: 5 } });
    expect(await client.frame('ack')).toMatchObject({ type: 'ack', results: [{ ok: true, position: 1 }] });
    const { events } = (await client.frame('events')) as unknown as { events: object[] };
    expect(events[0]).toMatchObject({ channel: 'ws', data: { ref: { ticket: 5 } } });
  });

  it('refuses a draft over 64 KiB, and goes on', async () => {
    const hub = await hubInTempDir();
    const client = await connectWs(hub.http);
    client.send({
      type: 'publish',
      ref: 1,
      events: [{ message: 'm', data: { x: 'y'.repeat(65_536) } }, { message: 'm' }],
    });
    client.send({ message: 'x'.repeat(70_000) });
    expect(await client.frame(ref(1))).toMatchObject({ results: [{ code: 'too_large' }, { ok: true }] });
    expect(await client.frame((frame) => frame.type === 'ack' && !('ref' in frame))).toMatchObject({
      results: [{ code: 'too_large' }],
    });
  });

  it('acknowledges a frame as full as it may be', async () => {
    const hub = await hubInTempDir();
    const client = await connectWs(hub.http, '?subscribe=0');
    const events = Array.from({ length: 40_000 }, () => ({ message: '' }));
    client.send({ type: 'publish', ref: 1, events });
    client.send({ type: 'publish', ref: 2, events: Array.from({ length: 65_537 }, () => 0) });
    const { results } = (await client.frame(ref(1))) as unknown as { results: unknown[] };
    expect(results).toHaveLength(40_000);
    expect(await client.frame(ref(2))).toMatchObject({ type: 'error', code: 'too_large' });
  });

  it('ends the connection at a frame over 1 MiB', async () => {
    const hub = await hubInTempDir();
    const client = await connectWs(hub.http);
    client.socket.on('error', () => undefined);
    client.send(`{"message":"m","x":"${'y'.repeat(1024 * 1024)}"}`);
    await client.closed;
  });

  it('answers what it cannot read with an error, and goes on', async () => {
    const hub = await hubInTempDir();
    const client = await connectWs(hub.http, '?subscribe=0');
    const cases: [unknown, string, string?][] = [
      ['hello', 'invalid_json'],
      [[], 'invalid_json'],
      [{ type: 'unsubscribe', ref: 'u' }, 'invalid_request', 'u'],
      [{ type: 5, ref: 'u' }, 'invalid_request', 'u'],
      [{ type: 'publish', ref: 'p' }, 'invalid_request', 'p'],
      [{ type: 'publish', ref: 'p', event: {}, events: [] }, 'invalid_request', 'p'],
      [{ type: 'publish', ref: {}, event: {} }, 'invalid_request'],
      [Buffer.from([0xff]), 'invalid_request'],
    ];
    for (const [frame] of cases) client.send(frame);
    client.send({ message: 'm' });
    await client.frame('ack');
    const errors = client.frames.filter(({ type }) => type === 'error');
    expect(errors.map(({ code, ref: its }) => [code, its])).toEqual(cases.map(([, code, its]) => [code, its]));
  });
});

import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { ask, openStream, page, post, type Streamed } from '../support/hub-http.ts';
import { startHub } from '../support/hub.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { connectWs } from '../support/ws-client.ts';

const hubInTempDir = async () => startHub({ dataDir: await makeTempDir() });
const numbered = (count: number, fields: object = {}) =>
  Array.from({ length: count }, (_, at) => ({ message: `m${at}`, ...fields }));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const sse = { Accept: 'text/event-stream' };
const ndjson = { Accept: 'application/x-ndjson' };
const anInstant = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;
const reached = (stream: Streamed, position: number) =>
  waitFor(() => stream.positions().at(-1) === position, { what: `position ${position}`, within: 15_000 });

describe('NDJSON of GET /api/events', () => {
  it('is the whole match, ascending, and then ends', async () => {
    const { http } = await hubInTempDir();
    const empty = await openStream(`${http}/api/events`, ndjson);
    expect(await empty.ended).toBe('end');
    expect(empty.text()).toBe('');
    await post(http, numbered(2_500));
    const stream = await openStream(`${http}/api/events`, ndjson);
    expect(stream.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(await stream.ended).toBe('end');
    expect(stream.positions()).toEqual(upTo(2_500));
    expect(stream.text().split('\n')).toHaveLength(2_501);
    expect(JSON.parse(stream.text().split('\n')[4] ?? '')).toEqual((await ask(`${http}/api/events/5`)).body);
  });

  it('keeps to bounds, filters and a limit', async () => {
    const { http } = await hubInTempDir();
    await post(http, [...numbered(5, { source: 'a' }), ...numbered(5, { source: 'b' })]);
    const positions = async (query: string) => {
      const stream = await openStream(`${http}/api/events?${query}`, ndjson);
      expect(await stream.ended).toBe('end');
      return stream.positions();
    };
    expect(await positions('after=3&before=8')).toEqual([4, 5, 6, 7]);
    expect(await positions('source=b&limit=2')).toEqual([6, 7]);
    expect(await positions('limit=0')).toEqual([]);
    expect(await positions('q=m4')).toEqual([5, 10]);
    expect(await positions('since=1h')).toEqual(upTo(10));
  });

  it('goes on live with follow=1, from now on or from where it is told', async () => {
    const { http } = await hubInTempDir();
    await post(http, numbered(3));
    const fromNow = await openStream(`${http}/api/events?follow=1`, ndjson);
    const fromStart = await openStream(`${http}/api/events?follow=1&after=0`, ndjson);
    await reached(fromStart, 3);
    await post(http, numbered(2));
    await reached(fromNow, 5);
    await reached(fromStart, 5);
    expect([fromNow.positions(), fromStart.positions()]).toEqual([[4, 5], upTo(5)]);
  });

  it('is answered at once, though there is nothing to be told', async () => {
    const { http } = await hubInTempDir();
    const startedAt = performance.now();
    await openStream(`${http}/api/events?follow=1`, ndjson);
    await openStream(`${http}/api/events`, sse);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('server-sent events of GET /api/events', () => {
  it('begin now, each with its id, and move the id on when the filter matches nothing', async () => {
    const { http } = await hubInTempDir();
    await post(http, numbered(2));
    const { epoch } = await page(http);
    const stream = await openStream(`${http}/api/events?source=a`, sse);
    expect(stream.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    await waitFor(() => stream.text().includes(`id: ${epoch}:2\n\n`), { what: 'the position where it begins' });
    await post(http, { message: 'm', source: 'a' });
    await reached(stream, 3);
    expect(stream.text()).toContain(`id: ${epoch}:3\ndata: {"position":3,`);
    await post(http, { message: 'm', source: 'b' });
    await waitFor(() => stream.text().includes(`id: ${epoch}:4\n\n`), { what: 'a checkpoint' });
    expect(stream.positions()).toEqual([3]);
  });

  it('resume after Last-Event-ID, which wins over after, without a gap or a double', async () => {
    const { http, tcp } = await hubInTempDir();
    const producer = await connectTcp(tcp);
    producer.send(...numbered(3_000));
    const first = await openStream(`${http}/api/events?after=0`, sse);
    await waitFor(() => first.positions().length > 100, { what: 'some events' });
    first.cut();
    await first.ended;
    const ids = [...first.text().matchAll(/^id: (.+)\ndata: .+\n\n/gm)];
    const last = ids.at(-1)?.[1] ?? '';
    const second = await openStream(`${http}/api/events?after=0`, { ...sse, 'Last-Event-ID': last });
    producer.send(...numbered(2_000));
    await reached(second, 5_000);
    expect([...upTo(Number(last.split(':')[1])), ...second.positions()]).toEqual(upTo(5_000));
  });

  it('refuse an id of another log, above the head, or without a meaning', async () => {
    const { http } = await hubInTempDir();
    await post(http, numbered(1));
    const { epoch } = await page(http);
    const answer = (id: string) => ask(`${http}/api/events`, { headers: { ...sse, 'Last-Event-ID': id } });
    expect(await answer('other:1')).toMatchObject({ status: 410, body: { code: 'wrong_epoch' } });
    expect(await answer(`${epoch}:2`)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(await answer('5')).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('refuse what does not go with a stream, and name it', async () => {
    const { http } = await hubInTempDir();
    for (const query of ['limit=5', 'before=5', 'order=desc', 'after=9', 'wrong=1']) {
      const [name = ''] = query.split('=');
      expect(await ask(`${http}/api/events?${query}`, { headers: sse })).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', error: expect.stringMatching(new RegExp(`^${name}: `)) as string },
      });
    }
  });
});

describe('a slow reader of a stream', () => {
  it.each([
    ['server-sent events', 'after=0', sse],
    ['NDJSON', 'follow=1&after=0', ndjson],
  ])('of %s gets everything once it reads on, while others are served', async (_, query, headers) => {
    const { http, tcp } = await hubInTempDir();
    const slow = await openStream(`${http}/api/events?${query}`, headers);
    slow.pause();
    const quick = await openStream(`${http}/api/events?${query}`, headers);
    const producer = await connectTcp(tcp);
    producer.send(...numbered(6_000, { data: { padding: 'x'.repeat(2_000) } }));
    await producer.answered(6_000);
    await reached(quick, 6_000);
    slow.resume();
    await reached(slow, 6_000);
    expect(slow.positions()).toEqual(upTo(6_000));
    expect(quick.positions()).toEqual(upTo(6_000));
  });
});

describe('the list of subscribers', () => {
  it('has streams and WebSockets, until they end, and takes no parameters', async () => {
    const { http } = await hubInTempDir();
    await post(http, numbered(3));
    const list = async () => (await ask(`${http}/api/subscribers`)).body as readonly { readonly state: string }[];
    expect(await list()).toEqual([]);
    const socket = await connectWs(http, '?after=1&q=severity%3E%3Derror&source=a');
    const stream = await openStream(`${http}/api/events?follow=1`, ndjson);
    await waitFor(async () => (await list()).filter(({ state }) => state === 'live').length === 2, {
      what: 'two live subscribers',
    });
    const common = { remoteAddress: '127.0.0.1', state: 'live', position: 3, lag: 0, heldBytes: 0 };
    expect(await list()).toEqual([
      { ...common, id: 1, channel: 'ws', since: anInstant, filter: { q: 'severity>=error', source: 'a' } },
      { ...common, id: 2, channel: 'ndjson', since: anInstant, filter: {} },
    ]);
    socket.socket.close();
    stream.cut();
    await waitFor(async () => (await list()).length === 0, { what: 'nobody' });
    expect(await ask(`${http}/api/subscribers?x=1`)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});

import { describe, expect, it } from 'vitest';
import { BoundedBacklog } from '../../src/pipeline/backlog.ts';
import type { Envelope } from '../../src/pipeline/envelope.ts';
import { createHttpSource } from '../../src/sources/http.ts';
import { createWsSource } from '../../src/sources/ws.ts';

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

/** A source whose envelopes wait until the test settles them. */
function openSource<S extends ReturnType<typeof createHttpSource | typeof createWsSource>>(source: S) {
  const emitted: Envelope[] = [];
  source.open().subscribe((envelope) => emitted.push(envelope));
  const settleAll = (): void => {
    emitted.splice(0).forEach(({ settle }, at) => {
      settle({ kind: 'accepted', id: `id${at}`, position: at + 1 });
    });
  };
  return { source, emitted, settleAll };
}

const http = (limits?: { maxEvents: number; maxBytes: number }) => {
  const backlog = new BoundedBacklog(limits);
  return { backlog, ...openSource(createHttpSource(backlog)) };
};

describe('a batch over HTTP', () => {
  it('refuses an item that is nested too deep to be written, and takes the others', async () => {
    const { source, settleAll } = http();
    const answer = source.post(Buffer.from(`[{"message":"a"},${deep},{"message":"b"}]`));
    settleAll();
    expect(await answer).toMatchObject({ status: 207 });
    expect(JSON.parse((await answer).body)).toMatchObject({
      accepted: 2,
      rejected: 1,
      results: [{ ok: true }, { ok: false, code: 'invalid_event' }, { ok: true }],
    });
  });

  it('refuses an item over 64 KiB as too large, whatever else is wrong with it', async () => {
    const { source, settleAll } = http();
    const answer = source.post(json([{ message: 'x'.repeat(65_536) }, { message: 'm' }]));
    settleAll();
    expect(JSON.parse((await answer).body)).toMatchObject({ results: [{ code: 'too_large' }, { ok: true }] });
  });

  it('is answered unavailable when the hub can take no more, and rejected all the same where it is wrong', async () => {
    const { backlog, source, emitted } = http({ maxEvents: 1, maxBytes: 1_000 });
    backlog.add(1);
    const { status, body } = await source.post(json([{ message: 'm' }, { message: '' }]));
    expect(status).toBe(503);
    expect(JSON.parse(body)).toMatchObject({ results: [{ code: 'unavailable' }, { code: 'invalid_event' }] });
    expect(emitted).toEqual([]);
  });

  it('may be empty', async () => {
    const { status, body } = await http().source.post(Buffer.from(' [ ] '));
    expect({ status, body }).toEqual({ status: 200, body: '{"ok":true,"accepted":0,"rejected":0,"results":[]}' });
  });
});

describe('an NDJSON body', () => {
  const lines = (count: number) => Buffer.from('{"message":"m"}\n'.repeat(count));

  it('is read on after its lines are settled while the backlog was full, once there is room', () => {
    const { backlog, source, emitted, settleAll } = http({ maxEvents: 10_000, maxBytes: 1e9 });
    const post = source.stream();
    post.push(lines(8_192));
    for (const { bytes } of emitted) backlog.add(bytes);
    let isReadOn = false;
    post.whenRoom(() => (isReadOn = true));
    for (let count = 0; count < 2_000; count += 1) backlog.add(1);
    settleAll();
    expect(isReadOn).toBe(false);
    backlog.remove(8_192, 8_192 * 15);
    expect(isReadOn).toBe(true);
  });

  it('is behind while 8,192 of its lines are open', () => {
    const { source, settleAll } = http();
    const post = source.stream();
    post.push(lines(8_191));
    expect(post.isBehind).toBe(false);
    post.push(lines(1));
    expect(post.isBehind).toBe(true);
    let isReadOn = false;
    post.whenRoom(() => (isReadOn = true));
    settleAll();
    expect({ isReadOn, isBehind: post.isBehind }).toEqual({ isReadOn: true, isBehind: false });
  });

  it('may end without a newline, and has verdicts in the order of its lines', async () => {
    const { source, settleAll } = http();
    const post = source.stream();
    post.push(Buffer.from('{"message":"a"}\r\n\n{"mess'));
    post.push(Buffer.from('age":5}\n\xff\n{"message":"b"}', 'latin1'));
    const answer = post.end();
    settleAll();
    expect(await answer).toMatchObject({ status: 207 });
    expect(JSON.parse((await answer).body)).toMatchObject({
      results: [{ position: 1 }, { code: 'invalid_event' }, { code: 'invalid_json' }, { position: 2 }],
    });
  });
});

describe('publishing over a WebSocket', () => {
  it('refuses a draft that is nested too deep to be written, and acknowledges the others', async () => {
    const { source, settleAll } = openSource(createWsSource(new BoundedBacklog()));
    const frames: string[] = [];
    const text = `{"events":[{"message":"a"},{"message":"b","data":{"x":${deep}}}]}`;
    source.connect((acks) => frames.push(...acks)).publish((JSON.parse(text) as { events: [] }).events, 'r', text);
    settleAll();
    await source.closed();
    expect(frames.map((frame) => JSON.parse(frame) as unknown)).toMatchObject([
      { type: 'ack', ref: 'r', results: [{ ok: true }, { ok: false, code: 'invalid_event' }] },
    ]);
  });

  it('acknowledges in the order of the frames, whatever order they are settled in', async () => {
    const { source, emitted } = openSource(createWsSource(new BoundedBacklog()));
    const frames: string[] = [];
    const producer = source.connect((acks) => frames.push(...acks));
    for (const ref of [1, 2, 3]) producer.publish([{ message: 'm' }], ref, '');
    for (const { settle } of emitted.toReversed()) settle({ kind: 'accepted', id: 'i', position: 1 });
    await source.closed();
    expect(frames.map((frame) => (JSON.parse(frame) as { ref: number }).ref)).toEqual([1, 2, 3]);
  });
});

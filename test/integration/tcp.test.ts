import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHub } from '../support/hub.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const hubInTempDir = async () => startHub({ dataDir: await makeTempDir() });
const eventsOf = async (http: string, query = '?after=0&limit=1000') =>
  ((await (await fetch(`${http}/api/events${query}`)).json()) as { events: RecordedEvent[] }).events;
const padded = (bytes: number) => {
  const start = '{"message":"m","x":"';
  return `${start}${'y'.repeat(bytes - start.length - 2)}"}`;
};

describe('a TCP connection', () => {
  it('answers as the contract shows', async () => {
    const hub = await hubInTempDir();
    const producer = await connectTcp(hub.tcp);
    producer.send('{"source":"sensor_01","severity":"warning","message":"temperature 81 C"}\n');
    producer.send('{"source":"sensor_01","severity":"loud","message":"x"}\n');
    const [accepted, refused] = await producer.answered(2);
    expect(accepted).toEqual({ ok: true, id: expect.stringMatching(/^0[0-9a-f-]{35}$/) as string, position: 1 });
    expect(Object.keys(accepted ?? {})).toEqual(['ok', 'id', 'position']);
    expect(refused).toEqual({
      ok: false,
      code: 'invalid_event',
      error: 'severity: must be one of info, warning, error, critical; got "loud"',
    });
    const [event] = await eventsOf(hub.http);
    expect(Object.keys(event ?? {})).toEqual([
      ...['position', 'type', 'id', 'time', 'receivedAt', 'source', 'severity', 'message', 'channel', 'key', 'status'],
    ]);
    expect(event).toMatchObject({ channel: 'tcp', key: 'sensor_01', status: 'firing', id: accepted?.id });
    expect(event?.time).toBe(event?.receivedAt);
  });

  it('answers 10,000 lines sent without waiting, each once and in their order', async () => {
    const hub = await hubInTempDir();
    const producer = await connectTcp(hub.tcp);
    const line = (at: number) => (at % 10 === 9 ? `{"id":"${at}"}\n` : `{"message":"m","id":"${at}"}\n`);
    producer.send(Array.from({ length: 10_000 }, (_, at) => line(at)).join(''));
    const answers = await producer.answered(10_000);
    expect(answers.map(({ id }) => Number(id))).toEqual(Array.from({ length: 10_000 }, (_, at) => at));
    expect(answers.every(({ ok }, at) => ok === (at % 10 !== 9))).toBe(true);
    const positions = answers.flatMap(({ position }) => position ?? []);
    expect(positions).toEqual(Array.from({ length: 9_000 }, (_, at) => at + 1));
  });

  it('takes CRLF as LF, and no line for an empty one', async () => {
    const hub = await hubInTempDir();
    const producer = await connectTcp(hub.tcp);
    producer.send('{"message":"a"}\r\n\r\n\n{"message":"b"}\n\r\n{"message":"c"}\r{"message":"d"}\n');
    expect(await producer.answered(3)).toMatchObject([{ position: 1 }, { position: 2 }, { code: 'invalid_json' }]);
  });

  it('takes a line however it is cut, also within a character', async () => {
    const hub = await hubInTempDir();
    const producer = await connectTcp(hub.tcp);
    producer.socket.setNoDelay(true);
    const bytes = Buffer.from('{"message":"é€😀"}\n');
    for (let at = 0; at < bytes.length; at += 1) {
      producer.send(bytes.subarray(at, at + 1));
      await new Promise(setImmediate);
    }
    await producer.answered(1);
    expect(await eventsOf(hub.http)).toMatchObject([{ message: 'é€😀' }]);
  });

  it('refuses bytes that are no UTF-8 or no JSON, and goes on', async () => {
    const hub = await hubInTempDir();
    const producer = await connectTcp(hub.tcp);
    producer.send(Buffer.from('{"message":"\xff"}\n', 'latin1'), Buffer.from('\ufeff{"message":"m"}\n'));
    producer.send(Buffer.from('{"message":"m"}\n', 'utf16le').subarray(0, -1), 'hello\n[]\n', { message: 'm' });
    const answers = await producer.answered(6);
    expect(answers.map(({ code }) => code ?? 'ok')).toEqual([...Array.from({ length: 5 }, () => 'invalid_json'), 'ok']);
  });

  it('takes a line of 65,536 bytes, answers a longer one at once, skips it and goes on', async () => {
    const hub = await hubInTempDir();
    const producer = await connectTcp(hub.tcp);
    producer.send(`${padded(65_536)}\n`, `${padded(65_536)}\r\n`, `${padded(65_537)}\n`);
    expect(await producer.answered(3)).toMatchObject([{ position: 1 }, { position: 2 }, { code: 'too_large' }]);
    for (let mebibyte = 0; mebibyte < 8; mebibyte += 1) producer.send('x'.repeat(1024 * 1024));
    expect((await producer.answered(4))[3]).toMatchObject({ ok: false, code: 'too_large' });
    producer.send('\n', { message: 'm' });
    expect((await producer.answered(5))[4]).toMatchObject({ position: 3 });
  });

  it('counts a last line without its newline, and answers everything after the producer has ended its side', async () => {
    const hub = await hubInTempDir();
    const producer = await connectTcp(hub.tcp);
    producer.socket.end(`${'{"message":"m"}\n'.repeat(500)}{"message":"last"}`);
    await producer.ended;
    expect(producer.answers).toHaveLength(501);
    expect(producer.answers.at(-1)).toMatchObject({ ok: true, position: 501 });
  });

  it('answers duplicates with their first position, and other content under the same id with id_conflict', async () => {
    const hub = await hubInTempDir();
    const producer = await connectTcp(hub.tcp);
    producer.send({ message: 'm', id: 'a', labels: { n: 1 }, data: { x: 1, y: 2 } });
    producer.send({ data: { y: 2, x: 1 }, labels: { n: '1' }, id: 'a', message: 'm' });
    producer.send({ message: 'other', id: 'a' }, { message: 'm', id: 'a', source: 's' });
    expect(await producer.answered(4)).toMatchObject([
      { ok: true, id: 'a', position: 1 },
      { ok: true, id: 'a', position: 1, duplicate: true },
      { ok: false, id: 'a', code: 'id_conflict' },
      { ok: true, position: 2 },
    ]);
  });

  it('records one event for the same id on three connections at once, and tells all where it is', async () => {
    const hub = await hubInTempDir();
    const producers = await Promise.all([1, 2, 3].map(() => connectTcp(hub.tcp)));
    const drafts = Array.from({ length: 100 }, (_, at) => ({ message: 'm', id: `e${at}` }));
    producers.forEach((producer) => producer.send(...drafts));
    const answers = await Promise.all(producers.map((producer) => producer.answered(100)));
    const positions = answers.map((all) => all.map(({ position }) => position));
    expect(positions[1]).toEqual(positions[0]);
    expect(positions[2]).toEqual(positions[0]);
    expect(new Set(positions[0]).size).toBe(100);
    expect(await eventsOf(hub.http)).toHaveLength(100);
  });

  it('welcomes a token on the first line while none is in force, and takes it for a draft later', async () => {
    const hub = await hubInTempDir();
    const producer = await connectTcp(hub.tcp);
    producer.send({ token: 'secret' }, { token: 'secret' }, { message: 'm' });
    expect(await producer.answered(3)).toEqual([
      { ok: true },
      expect.objectContaining({ code: 'invalid_event' }),
      expect.objectContaining({ position: 1 }),
    ]);
  });
});

describe('the TCP input', () => {
  it('stops reading from a producer that leaves its answers unread, in bounded memory, while others go on', async () => {
    const hub = await hubInTempDir();
    const deaf = await connectTcp(hub.tcp);
    deaf.socket.pause();
    const before = process.memoryUsage.rss();
    const chunk = Buffer.alloc(65_536, `${'x'.repeat(127)}\n`);
    let chunks = 0;
    let sentAt = performance.now();
    const sendOn = () => {
      sentAt = performance.now();
      if (++chunks < 500) deaf.socket.write(chunk, sendOn);
    };
    sendOn();
    await waitFor(() => performance.now() - sentAt > 1_000, { what: 'the hub to stop reading', within: 15_000 });
    expect(chunks).toBeLessThan(500);
    const good = await connectTcp(hub.tcp);
    good.send({ message: 'm' });
    expect(await good.answered(1)).toMatchObject([{ position: 1 }]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 1024 * 1024);
    deaf.socket.destroy();
  });

  it('leaves other connections alone when one breaks in the middle of a line', async () => {
    const hub = await hubInTempDir();
    const good = await connectTcp(hub.tcp);
    for (let times = 0; times < 20; times += 1) {
      const bad = await connectTcp(hub.tcp);
      bad.send({ message: 'm' }, '{"message":');
      bad.socket.resetAndDestroy();
    }
    good.send({ message: 'good' });
    expect(await good.answered(1)).toMatchObject([{ ok: true }]);
  });

  it('says which port is taken, and opens nothing', async () => {
    const taken = await hubInTempDir();
    const tcpPort = Number(taken.tcp.split(':')[1]);
    const httpPort = await findFreePort();
    const dataDir = await makeTempDir();
    await expect(startHub({ dataDir, tcpPort, httpPort })).rejects.toThrow(
      new RegExp(`^tcp: 127.0.0.1:${tcpPort} is taken by another program; .*HUB_TCP_PORT`),
    );
    await expect(startHub({ dataDir, httpPort: Number(new URL(taken.http).port) })).rejects.toThrow(
      /^http: 127\.0\.0\.1:\d+ cannot be opened, .*HUB_HTTP_PORT/,
    );
    const free = await startHub({ dataDir, httpPort });
    expect(new URL(free.http).port).toBe(String(httpPort));
  });
});

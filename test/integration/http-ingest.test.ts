import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { ask, page, post } from '../support/hub-http.ts';
import { startHub } from '../support/hub.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const hubInTempDir = async () => startHub({ dataDir: await makeTempDir() });
const ndjson = { 'Content-Type': 'application/x-ndjson' };
const wrong = (code: string, error: RegExp) => ({
  ok: false,
  code,
  error: expect.stringMatching(error) as string,
});

describe('POST /api/events with one event', () => {
  it('answers 201 with its id and position, and 200 when it is a duplicate', async () => {
    const { http } = await hubInTempDir();
    expect(await post(http, { message: 'm', id: 'a' })).toMatchObject({
      status: 201,
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
      body: { ok: true, id: 'a', position: 1 },
    });
    const again = await post(http, { message: 'm', id: 'a' });
    expect(again).toMatchObject({ status: 200, body: { ok: true, id: 'a', position: 1, duplicate: true } });
    const other = await post(http, { message: 'n', id: 'a' });
    expect(other).toMatchObject({ status: 409, body: wrong('id_conflict', /^id: /) });
  });

  it('takes the id from Idempotency-Key, and refuses another one beside it', async () => {
    const { http } = await hubInTempDir();
    expect(await post(http, { message: 'm' }, { 'Idempotency-Key': 'k' })).toMatchObject({
      status: 201,
      body: { id: 'k' },
    });
    expect(await post(http, { message: 'm', id: 'k' }, { 'Idempotency-Key': 'k' })).toMatchObject({ status: 200 });
    expect(await post(http, { message: 'm', id: 'j' }, { 'Idempotency-Key': 'k' })).toMatchObject({ status: 400 });
    const batch = await post(http, [{ message: 'm' }], { 'Idempotency-Key': 'k' });
    expect(batch).toMatchObject({ status: 400, body: wrong('invalid_request', /^Idempotency-Key: /) });
    const lines = await post(http, '{"message":"m"}', { ...ndjson, 'Idempotency-Key': 'k' });
    expect(lines).toMatchObject({ status: 400 });
  });

  it('refuses what is no event with the code and status for it', async () => {
    const { http } = await hubInTempDir();
    expect(await post(http, '{"message":')).toMatchObject({ status: 400, body: wrong('invalid_json', /./) });
    expect(await post(http, '')).toMatchObject({ status: 400, body: wrong('invalid_json', /./) });
    expect(await post(http, '"text"')).toMatchObject({ status: 400, body: wrong('invalid_json', /./) });
    expect(await post(http, Buffer.from('{"message":"\xff"}', 'latin1'))).toMatchObject({
      status: 400,
      body: wrong('invalid_json', /UTF-8/),
    });
    expect(await post(http, { message: '' })).toMatchObject({
      status: 400,
      body: wrong('invalid_event', /^message: /),
    });
    expect(await post(http, { message: 'm', x: 'y'.repeat(65_536) })).toMatchObject({
      status: 413,
      body: wrong('too_large', /65536/),
    });
    expect((await page(http)).head).toBe(0);
  });

  it('refuses other types and encodings, and an unknown parameter', async () => {
    const { http } = await hubInTempDir();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
      expect(await post(http, { message: 'm' }, { 'Content-Type': type })).toMatchObject({
        status: 415,
        body: wrong('unsupported_type', /^Content-Type: /),
      });
    }
    expect(await post(http, { message: 'm' }, { 'Content-Type': 'Application/JSON; charset=utf-8' })).toMatchObject({
      status: 201,
    });
    expect(await post(http, { message: 'm' }, { 'Content-Encoding': 'gzip' })).toMatchObject({ status: 415 });
    const { status, body } = await ask(`${http}/api/events?wait=1`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect({ status, body }).toMatchObject({ status: 400, body: wrong('invalid_request', /^wait: unknown parameter/) });
  });

  it('keeps out pages of other origins', async () => {
    const { http } = await hubInTempDir();
    const foreign = [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { Host: 'evil.example' },
    ];
    for (const headers of foreign) {
      expect(await post(http, { message: 'm' }, headers)).toMatchObject({ status: 403, body: wrong('forbidden', /./) });
    }
    expect(await post(http, { message: 'm' }, { Origin: http, 'Sec-Fetch-Site': 'same-origin' })).toMatchObject({
      status: 201,
    });
  });

  it('refuses a body over 1 MiB, said or not, and takes the next one', async () => {
    const { http } = await hubInTempDir();
    const large = JSON.stringify([{ message: 'm', x: 'y'.repeat(1024 * 1024) }]);
    expect(await post(http, large)).toMatchObject({ status: 413, body: wrong('too_large', /1048576/) });
    expect(await post(http, large, { 'Transfer-Encoding': 'chunked' })).toMatchObject({ status: 413 });
    expect(await post(http, { message: 'm' })).toMatchObject({ status: 201 });
  });
});

describe('POST /api/events with several events', () => {
  it.each([
    ['an array', (drafts: readonly unknown[]) => JSON.stringify(drafts), {}],
    ['NDJSON', (drafts: readonly unknown[]) => drafts.map((draft) => `${JSON.stringify(draft)}\n`).join(''), ndjson],
  ])('answers %s with verdicts in order, and records the valid ones', async (_, write, headers) => {
    const { http } = await hubInTempDir();
    const good = { message: 'm', id: 'a' };
    const all = await post(http, write([good, { message: 'm' }]), headers);
    expect(all).toMatchObject({ status: 200, body: { ok: true, accepted: 2, rejected: 0 } });
    expect(Object.keys(all.body as object)).toEqual(['ok', 'accepted', 'rejected', 'results']);
    const some = await post(
      http,
      write([good, { message: '' }, { message: 'new' }, { message: 'other', id: 'a' }]),
      headers,
    );
    expect(some).toMatchObject({
      status: 207,
      body: {
        ok: false,
        accepted: 2,
        rejected: 2,
        results: [
          { ok: true, position: 1, duplicate: true },
          { ok: false, code: 'invalid_event' },
          { ok: true, position: 3 },
          { ok: false, code: 'id_conflict' },
        ],
      },
    });
    expect(await post(http, write([{}, {}]), headers)).toMatchObject({
      status: 400,
      body: { accepted: 0, rejected: 2 },
    });
    expect(await post(http, write([good]), headers)).toMatchObject({ status: 200, body: { ok: true, accepted: 1 } });
    expect(await post(http, write([]), headers)).toMatchObject({
      status: 200,
      body: { ok: true, accepted: 0, results: [] },
    });
  });

  it('takes a full array of the smallest events', async () => {
    const { http } = await hubInTempDir();
    const { status, body } = await post(
      http,
      Array.from({ length: 65_000 }, () => ({ message: '' })),
    );
    expect({ status, rejected: (body as { rejected: number }).rejected }).toEqual({ status: 400, rejected: 65_000 });
    const some = await post(
      http,
      Array.from({ length: 20_000 }, () => ({ message: 'm' })),
    );
    expect(some).toMatchObject({ status: 200, body: { accepted: 20_000 } });
  });

  it('takes 16 MiB of NDJSON, not more', async () => {
    const { http } = await hubInTempDir();
    const line = `{"message":"m","x":"${'y'.repeat(60_000)}"}\n`;
    const most = line.repeat(Math.floor((16 * 1024 * 1024) / line.length));
    expect(await post(http, most, ndjson)).toMatchObject({ status: 200, body: { rejected: 0 } });
    expect(await post(http, most + line, ndjson)).toMatchObject({ status: 413, body: wrong('too_large', /./) });
  });

  it('records the lines of a body while the rest is still to come', async () => {
    const { http } = await hubInTempDir();
    const outgoing = request(`${http}/api/events`, { method: 'POST', headers: ndjson });
    outgoing.write('{"message":"a"}\n{"mess');
    await waitFor(async () => (await page(http)).head === 1, { what: 'the first line' });
    outgoing.end('age":"b"}');
    const [response] = (await once(outgoing, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(200);
    expect((await page(http)).head).toBe(2);
  });
});

describe('a connection that breaks', () => {
  it('before, in or after its body leaves the hub at work', async () => {
    const { http } = await hubInTempDir();
    const { hostname, port } = new URL(http);
    const body = '{"message":"m"}\n'.repeat(200);
    const head = `POST /api/events HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/x-ndjson\r\nContent-Length: ${body.length}\r\n\r\n`;
    const bytes = head + body;
    for (const end of [20, head.length, head.length + 1, head.length + 1_000, bytes.length - 1, bytes.length]) {
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.write(bytes.slice(0, end), resolve));
      socket.resetAndDestroy();
    }
    expect(await post(http, { message: 'm' })).toMatchObject({ status: 201 });
  });

  it('is closed, not answered out of order, when it sends a request before the answer to the last', async () => {
    const { http } = await hubInTempDir();
    const { hostname, port } = new URL(http);
    const one = `POST /api/events HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"message":"m"}`;
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1'))).on('error', () => undefined);
    socket.write(one.repeat(5));
    await once(socket, 'close');
    expect(text.match(/HTTP\/1\.1 /g)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(await post(http, { message: 'm' })).toMatchObject({ status: 201 });
  });
});

import { describe, expect, it } from 'vitest';
import { readPages, type PageQuery } from '../../src/client/pages.ts';
import { readStream, type StreamQuery } from '../../src/client/stream.ts';
import { anEvent } from '../support/fake-socket.ts';
import { json, scriptHttp, type Answer } from '../support/scripted-http.ts';

const page = { epoch: 'e1', head: 9, first: 1, events: [], next: null };

function lines(...positions: readonly number[]): string {
  return positions.map((position) => `${JSON.stringify(anEvent(position))}\n`).join('');
}

async function streamed(url: string, query: StreamQuery = {}, reasons: string[] = []): Promise<number[]> {
  const positions: number[] = [];
  for await (const events of readStream({ url }, query, { onRetry: (reason) => reasons.push(reason) })) {
    positions.push(...events.map(({ position }) => position));
  }
  return positions;
}

async function paged(url: string, query: PageQuery): Promise<number[]> {
  const positions: number[] = [];
  for await (const { events } of readPages({ url }, query)) positions.push(...events.map(({ position }) => position));
  return positions;
}

describe('readPages', () => {
  it('goes down page by page, in the same log, and asks for no more than is wanted', async () => {
    const { url, requests } = await scriptHttp(
      json({ ...page, events: [anEvent(9), anEvent(8)], next: 8 }),
      json({ ...page, events: [], next: 5 }),
      json({ ...page, events: [anEvent(2)], next: 2 }),
    );
    expect(await paged(url, { q: 'a&b', limit: 3 })).toEqual([9, 8, 2]);
    expect(requests).toEqual([
      '/api/events?q=a%26b&limit=3',
      '/api/events?q=a%26b&limit=1&epoch=e1&before=8',
      '/api/events?q=a%26b&limit=1&epoch=e1&before=5',
    ]);
  });

  it('goes up when it begins after a position', async () => {
    const { url, requests } = await scriptHttp(json({ ...page, events: [anEvent(4)], next: 4 }), json(page));
    expect(await paged(url, { after: 3 })).toEqual([4]);
    expect(requests[1]).toBe('/api/events?after=4&epoch=e1&limit=1000');
  });

  it('throws what the hub refuses', async () => {
    const { url } = await scriptHttp(json({ ok: false, code: 'invalid_query', error: 'q: expected a term' }, 400));
    await expect(paged(url, {})).rejects.toMatchObject({ code: 'invalid_query', message: 'q: expected a term' });
  });

  it('says that the peer may be no hub when it answers like none', async () => {
    const { url } = await scriptHttp((_, response) => response.writeHead(502).end('<html>'));
    await expect(paged(url, {})).rejects.toThrow(`HTTP 502 from ${url}: is it a hub?`);
  });

  it('says which hub cannot be reached, and why', async () => {
    await expect(paged('http://127.0.0.1:1', {})).rejects.toThrow(/cannot reach the hub at http:\/\/127.0.0.1:1: .+/);
  });
});

describe('readStream', () => {
  const end: Answer = json(page);

  it('reads up to the head of the moment, and makes sure that nothing is left', async () => {
    const { url, requests } = await scriptHttp(
      json(page),
      (_, response) => response.end(`${lines(1, 2)}\n${lines(9)}`),
      end,
    );
    expect(await streamed(url, { q: 'x' })).toEqual([1, 2, 9]);
    expect(requests).toEqual([
      '/api/events?limit=0',
      '/api/events?q=x&after=0&before=10&epoch=e1',
      '/api/events?q=x&after=9&before=10&epoch=e1&limit=1',
    ]);
  });

  it('puts lines together that were cut at any byte', async () => {
    const bytes = Buffer.from(`${JSON.stringify({ ...anEvent(1), message: 'ñ 漢 🙂' })}\n`);
    const { url } = await scriptHttp(
      json(page),
      (_, response) => {
        for (const byte of bytes) response.write(Buffer.of(byte));
        response.end();
      },
      end,
    );
    expect(await streamed(url)).toEqual([1]);
  });

  it('resumes after the last whole record when the connection breaks in the middle of a line', async () => {
    const { url, requests } = await scriptHttp(
      json(page),
      (_, response) => response.write(lines(1, 2) + lines(3).slice(0, 20), () => response.destroy()),
      (_, response) => response.end(lines(3, 4)),
      end,
    );
    expect(await streamed(url)).toEqual([1, 2, 3, 4]);
    expect(requests[2]).toBe('/api/events?after=2&before=10&epoch=e1');
  });

  it('goes on when a stream ends early, as that of a hub that stops does', async () => {
    const { url, requests } = await scriptHttp(
      json(page),
      (_, response) => response.end(lines(1, 2)),
      json({ ...page, events: [], next: 3 }),
      json({ ...page, events: [anEvent(4)] }),
      (_, response) => response.end(lines(4)),
      end,
    );
    expect(await streamed(url)).toEqual([1, 2, 4]);
    expect(requests[4]).toBe('/api/events?after=2&before=10&epoch=e1');
  });

  it('waits for a hub that cannot answer now', async () => {
    const { url } = await scriptHttp(
      json(page),
      json({ ok: false, code: 'unavailable', error: 'the log is being reopened' }, 503),
      (_, response) => response.end(lines(1)),
      end,
    );
    const reasons: string[] = [];
    expect(await streamed(url, {}, reasons)).toEqual([1]);
    expect(reasons).toEqual(['the log is being reopened']);
  });

  it('throws at once when another log has come into the place of the one it read', async () => {
    const { url } = await scriptHttp(
      json(page),
      (_, response) => response.write(lines(1), () => response.destroy()),
      json({ ok: false, code: 'wrong_epoch', error: 'epoch: this log is e2' }, 410),
    );
    await expect(streamed(url)).rejects.toMatchObject({ code: 'wrong_epoch' });
  });
});

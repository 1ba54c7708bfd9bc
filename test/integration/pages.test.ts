import { describe, expect, it } from 'vitest';
import { ask, askRaw, page, post } from '../support/hub-http.ts';
import { startHub } from '../support/hub.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** A hub with ten events: sources a and b in turn, each more severe than the last, a minute apart, the newest first. */
async function hubWithEvents() {
  const hub = await startHub({ dataDir: await makeTempDir() });
  const severities = ['info', 'warning', 'error', 'critical'];
  const drafts = Array.from({ length: 10 }, (_, at) => ({
    message: `m${at + 1}`,
    source: at % 2 === 0 ? 'a' : 'b',
    severity: severities[at % 4],
    key: `k${at % 3}`,
    time: minutesAgo(10 * at + 5),
  }));
  expect(await post(hub.http, drafts)).toMatchObject({ status: 200 });
  return hub;
}

const positions = async (http: string, query: string) =>
  (await page(http, query)).events.map(({ position }) => position);

describe('a page of GET /api/events', () => {
  it('has the newest first, or the oldest when after is given', async () => {
    const { http } = await hubWithEvents();
    const newest = await page(http);
    expect(Object.keys(newest)).toEqual(['epoch', 'head', 'first', 'events', 'next']);
    expect(newest).toMatchObject({ head: 10, first: 1, next: null });
    expect(await positions(http, '')).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(await positions(http, 'after=0')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await positions(http, 'after=7')).toEqual([8, 9, 10]);
    expect(await positions(http, 'after=7&order=desc')).toEqual([10, 9, 8]);
    expect(await positions(http, 'before=4')).toEqual([3, 2, 1]);
    expect(await positions(http, 'before=4&order=asc')).toEqual([1, 2, 3]);
    expect(await positions(http, 'after=2&before=6')).toEqual([3, 4, 5]);
    expect(await positions(http, 'after=10')).toEqual([]);
    expect(await positions(http, 'before=1')).toEqual([]);
    expect(await positions(http, `epoch=${newest.epoch}&limit=1`)).toEqual([10]);
  });

  it.each(['asc', 'desc'] as const)('leads from page to page through every event once, %s', async (order) => {
    const { http } = await hubWithEvents();
    const found: number[] = [];
    let cursor = order === 'asc' ? 'after=0' : 'order=desc';
    for (let pages = 0; pages < 10; pages += 1) {
      const { events, next } = await page(http, `${cursor}&limit=3&q=-source:b`);
      found.push(...events.map(({ position }) => position));
      if (next === null) break;
      cursor = order === 'asc' ? `after=${next}` : `before=${next}`;
    }
    expect(found).toEqual(order === 'asc' ? [1, 3, 5, 7, 9] : [9, 7, 5, 3, 1]);
  });

  it('chooses by every parameter, and by all of them at once', async () => {
    const { http } = await hubWithEvents();
    expect(await positions(http, 'source=a')).toEqual([9, 7, 5, 3, 1]);
    expect(await positions(http, 'source=a,b&limit=2')).toEqual([10, 9]);
    expect(await positions(http, 'severity=critical')).toEqual([8, 4]);
    expect(await positions(http, 'severity=error,critical')).toEqual([8, 7, 4, 3]);
    expect(await positions(http, 'channel=tcp')).toEqual([]);
    expect(await positions(http, 'channel=http,tcp&limit=1')).toEqual([10]);
    expect(await positions(http, 'key=k1')).toEqual([8, 5, 2]);
    expect(await positions(http, 'type=*&limit=1')).toEqual([10]);
    expect(await positions(http, 'type=event&limit=1')).toEqual([10]);
    expect(await positions(http, 'type=alert.opened')).toEqual([]);
    expect(await positions(http, 'since=30m')).toEqual([3, 2, 1]);
    expect(await positions(http, 'until=1h')).toEqual([10, 9, 8, 7]);
    expect(await positions(http, `since=${minutesAgo(50)}&until=${minutesAgo(20)}`)).toEqual([5, 4, 3]);
    expect(await positions(http, `q=${encodeURIComponent('severity>=error source:a "m"')}&key=k0`)).toEqual([7]);
  });

  it('has 100 events when no limit is given, at most 1,000, and with 0 the head alone', async () => {
    const { http } = await startHub({ dataDir: await makeTempDir() });
    expect(await page(http)).toMatchObject({ head: 0, first: 1, events: [], next: null });
    await post(
      http,
      Array.from({ length: 1_001 }, () => ({ message: 'm' })),
    );
    expect((await page(http)).events).toHaveLength(100);
    expect((await page(http)).next).toBe(902);
    expect((await page(http, 'limit=1000')).events).toHaveLength(1_000);
    expect(await page(http, 'limit=0')).toMatchObject({ head: 1_001, events: [], next: null });
  });

  it('refuses a bad parameter, which it names', async () => {
    const { http } = await hubWithEvents();
    const cases: [string, number, string, RegExp][] = [
      ['limit=1001', 400, 'invalid_request', /^limit: /],
      ['limit=-1', 400, 'invalid_request', /^limit: /],
      ['after=11', 400, 'invalid_request', /^after: .+ head, 10/],
      ['after=1.5', 400, 'invalid_request', /^after: /],
      ['before=x', 400, 'invalid_request', /^before: /],
      ['order=up', 400, 'invalid_request', /^order: /],
      ['follow=1', 400, 'invalid_request', /^follow: /],
      ['severity=loud', 400, 'invalid_request', /^severity: /],
      ['since=yesterday', 400, 'invalid_request', /^since: /],
      ['until=', 400, 'invalid_request', /^until: /],
      ['type=', 400, 'invalid_request', /^type: /],
      ['nonsense=1', 400, 'invalid_request', /^nonsense: unknown parameter/],
      ['limit=1&limit=2', 400, 'invalid_request', /^limit: /],
      ['q=(', 400, 'invalid_query', /column/],
      ['epoch=other', 410, 'wrong_epoch', /^epoch: /],
    ];
    for (const [query, status, code, error] of cases) {
      expect(await ask(`${http}/api/events?${query}`), query).toMatchObject({
        status,
        body: { ok: false, code, error: expect.stringMatching(error) as string },
      });
    }
  });
});

describe('a single record', () => {
  it('is found by its position, and nothing else is', async () => {
    const { http } = await hubWithEvents();
    expect(await ask(`${http}/api/events/3`)).toMatchObject({ status: 200, body: { position: 3, message: 'm3' } });
    expect(await ask(`${http}/api/events/11`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    for (const text of ['0', '-1', '1.5', 'x', '%zz', '1?x=1']) {
      expect(await ask(`${http}/api/events/${text}`), text).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      });
    }
  });
});

describe('any other request', () => {
  it('is answered with what is wrong about it', async () => {
    const { http } = await hubWithEvents();
    expect(await ask(`${http}/api/nothing`)).toMatchObject({ status: 404, body: { ok: false, code: 'not_found' } });
    expect(await ask(`${http}/api/events/`)).toMatchObject({ status: 404 });
    expect(await ask(`${http}//api/events`)).toMatchObject({ status: 404 });
    expect(await ask(`${http}/nothing/%zz`)).toMatchObject({ status: 404 });
    expect(await ask(`${http}/%2e%2e/%2e%2e/etc/passwd`)).toMatchObject({ status: 404 });
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH']) {
      const { status, body } = await ask(`${http}/api/events`, { method });
      expect({ status, body }, method).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
    }
  });

  it('is refused with a foreign or missing Host, or the Origin of another page', async () => {
    const { http } = await hubWithEvents();
    for (const headers of [{ Host: 'evil.example' }, { Origin: 'https://evil.example' }, { Origin: 'null' }]) {
      expect(await ask(`${http}/api/events`, { headers })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect(await askRaw(http, 'GET /api/events HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 40[03] /);
  });

  it('with HEAD gets the head alone', async () => {
    const { http } = await hubWithEvents();
    const get = await ask(`${http}/api/events`);
    const head = await ask(`${http}/api/events`, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
    const stream = await ask(`${http}/api/events`, { method: 'HEAD', headers: { Accept: 'text/event-stream' } });
    expect(stream).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
  });

  it('is told that the hub is up, and protected from other pages', async () => {
    const { http } = await hubWithEvents();
    expect(await ask(`${http}/healthz`)).toMatchObject({ status: 200, body: { ok: true } });
    expect(await ask(`${http}/readyz`)).toMatchObject({ status: 200, body: { ok: true, reasons: [] } });
    expect((await ask(`${http}/api/events`)).headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'") as string,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
  });
});

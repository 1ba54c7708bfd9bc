import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startHub } from '../support/hub.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { connectWs, refusedUpgrade } from '../support/ws-client.ts';

const hubInTempDir = async () => startHub({ dataDir: await makeTempDir() });

describe('the upgrade to a WebSocket', () => {
  it('is refused to a page of another origin, and to a foreign host', async () => {
    const { http } = await hubInTempDir();
    for (const origin of ['https://evil.example', 'null', `${http}.evil.example`, 'http://127.0.0.1:1']) {
      expect(await refusedUpgrade(http, '', { Origin: origin })).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      });
    }
    expect(await refusedUpgrade(http, '', { Host: 'evil.example' })).toMatchObject({ status: 403 });
    const own = await connectWs(http, '', { Origin: http });
    await own.frame('hello');
  });

  it('is refused with a bad parameter, which it names', async () => {
    const { http } = await hubInTempDir();
    const cases: [string, string, RegExp][] = [
      ['after=x', 'invalid_request', /^after: /],
      ['after=1', 'invalid_request', /^after: .+ head, 0; got 1/],
      ['since=never', 'invalid_request', /^since: /],
      ['severity=loud', 'invalid_request', /^severity: /],
      ['limit=5', 'invalid_request', /^limit: unknown parameter/],
      ['subscribe=2', 'invalid_request', /^subscribe: /],
      ['after=0&after=0', 'invalid_request', /^after: /],
      ['q=severity%3E', 'invalid_query', /column/],
    ];
    for (const [query, code, error] of cases) {
      expect(await refusedUpgrade(http, `?${query}`), query).toMatchObject({
        status: 400,
        body: { ok: false, code, error: expect.stringMatching(error) as string },
      });
    }
  });

  it('tells a cursor of another log apart, and closes with 4410', async () => {
    const { http } = await hubInTempDir();
    const client = await connectWs(http, '?after=5&epoch=other');
    expect(await client.frame('error')).toMatchObject({ code: 'wrong_epoch' });
    expect(await client.closed).toEqual({ code: 4410, reason: 'wrong_epoch' });
    const later = await connectWs(http);
    later.send({ type: 'subscribe', after: 0, epoch: 'other' });
    expect((await later.closed).code).toBe(4410);
  });

  it('is answered as a request when it is none', async () => {
    const { http } = await hubInTempDir();
    const status = await new Promise((resolve) =>
      request(`${http}/ws`, (response) => resolve(response.statusCode)).end(),
    );
    expect(status).toBe(404);
  });
});

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startHub } from '../support/hub.ts';
import { ask, openStream, page, post } from '../support/hub-http.ts';
import { bearer, localToken, makeToken, type MadeToken } from '../support/tokens.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const status = async (url: string, headers: Record<string, string> = {}) => (await ask(url, { headers })).status;

async function guardedHub() {
  const dataDir = await makeTempDir();
  const hub = await startHub({ dataDir });
  const admin = await makeToken(hub.http, dataDir, { role: 'admin', name: 'ops' });
  return { hub, dataDir, admin, stats: `${hub.http}/api/stats` };
}

describe('tokens over HTTP', () => {
  it('are asked of everyone once the first is made, this machine included', async () => {
    const dataDir = await makeTempDir();
    const { http } = await startHub({ dataDir });
    expect(await status(`${http}/api/stats`)).toBe(200);
    const { token, id } = await makeToken(http, dataDir, { role: 'read', name: 'wall' });

    expect(token).toMatch(new RegExp(`^hub_${id}_[A-Za-z0-9_-]{43}$`));
    expect(await ask(`${http}/api/stats`)).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
      body: { ok: false, code: 'unauthorized' },
    });
    expect(await status(`${http}/api/stats`, bearer(token))).toBe(200);
    expect(await status(`${http}/healthz`)).toBe(200);
    expect(await status(`${http}/readyz`, bearer('wrong'))).toBe(200);
  });

  it('say in the log who made, replaced and revoked what, and never a secret', async () => {
    const { hub, dataDir, admin } = await guardedHub();
    const asked = { method: 'POST', headers: { ...bearer(admin.token), 'Content-Type': 'application/json' } };
    const made = await ask(`${hub.http}/api/tokens`, {
      ...asked,
      body: JSON.stringify({ role: 'ingest', name: 'sensors', sources: ['a', 'b'], expires: '30d' }),
    });
    const sensors = made.body as MadeToken;
    const rotated = await ask(`${hub.http}/api/tokens/${sensors.id}/rotate`, { ...asked, body: '{"overlap":"1h"}' });
    const renewed = rotated.body as MadeToken;
    await ask(`${hub.http}/api/tokens/${sensors.id}`, { method: 'DELETE', headers: bearer(admin.token) });

    const records = await ask(`${hub.http}/api/events?type=*&order=asc`, { headers: bearer(admin.token) });
    const { events } = records.body as { events: { type: string }[] };
    const by = `ops (${admin.id})`;
    expect(events.filter(({ type }) => type.startsWith('token.'))).toMatchObject([
      { type: 'token.created', id: admin.id, name: 'ops', role: 'admin', by: 'this machine' },
      { type: 'token.created', id: sensors.id, role: 'ingest', sources: ['a', 'b'], by },
      { type: 'token.rotated', id: renewed.id, replaces: sensors.id, by },
      { type: 'token.revoked', id: sensors.id, by },
    ]);
    const secrets = [admin.token, sensors.token, renewed.token].map((token) => token.slice(13));
    const files = await Promise.all(
      ['hub.db', 'hub.db-wal', 'tokens.json'].map((name) => readFile(join(dataDir, name), 'latin1')),
    );
    for (const secret of secrets) expect([JSON.stringify(events), ...files].join('')).not.toContain(secret);
    expect((await stat(join(dataDir, 'tokens.json'))).mode & 0o777).toBe(0o600);
  });

  it('go on for as long as was said when they are replaced, and end at once without', async () => {
    const { hub, dataDir, stats } = await guardedHub();
    const json = { ...bearer(await localToken(dataDir)), 'Content-Type': 'application/json' };
    const rotate = async (id: string, body: string) =>
      (await ask(`${hub.http}/api/tokens/${id}/rotate`, { method: 'POST', headers: json, body })).body as MadeToken;
    const first = await makeToken(hub.http, dataDir, { role: 'read' });
    const second = await rotate(first.id, '{"overlap":"1h"}');
    const third = await rotate(second.id, '{}');
    const valid = await Promise.all([first, second, third].map(({ token }) => status(stats, bearer(token))));
    expect(valid).toEqual([200, 401, 200]);
  });

  it('outlive a restart, and are wanted even when all of them are revoked', async () => {
    const dataDir = await makeTempDir();
    const before = await startHub({ dataDir });
    const { token, id } = await makeToken(before.http, dataDir, { role: 'read' });
    await before.stop();
    const { http } = await startHub({ dataDir });
    expect(await status(`${http}/api/stats`, bearer(token))).toBe(200);
    const headers = bearer(await localToken(dataDir));
    await ask(`${http}/api/tokens/${id}`, { method: 'DELETE', headers });
    expect([await status(`${http}/api/stats`), await status(`${http}/api/stats`, bearer(token))]).toEqual([401, 401]);
  });

  it('end when they expire', async () => {
    const dataDir = await makeTempDir();
    let now = Date.now();
    const { http } = await startHub({ dataDir, clock: () => now });
    const { token } = await makeToken(http, dataDir, { role: 'read', expires: '40000d' });
    const stream = await openStream(`${http}/api/events?follow=1`, { ...bearer(token), Accept: 'text/event-stream' });
    now += 40_001 * 86_400_000;
    expect(await status(`${http}/api/stats`, bearer(token))).toBe(401);
    await stream.ended;
  });

  it('with a list of sources send as these alone', async () => {
    const { hub, dataDir } = await guardedHub();
    const { token } = await makeToken(hub.http, dataDir, { role: 'ingest', sources: ['a'] });
    const headers = bearer(token);
    expect(await post(hub.http, { source: 'a', message: 'm' }, headers)).toMatchObject({ status: 201 });
    expect(await post(hub.http, { source: 'b', message: 'm' }, headers)).toMatchObject({
      status: 403,
      body: { code: 'forbidden', error: 'source: the token allows a; got "b"' },
    });
    const batch = [{ source: 'a', message: 'm' }, { message: 'm' }];
    const results = [{ ok: true }, { ok: false, code: 'forbidden' }];
    expect(await post(hub.http, batch, headers)).toMatchObject({ status: 207, body: { results } });
    const lines = batch.map((draft) => JSON.stringify(draft)).join('\n');
    const ndjson = { ...headers, 'Content-Type': 'application/x-ndjson' };
    expect(await post(hub.http, lines, ndjson)).toMatchObject({ status: 207, body: { results } });
  });

  it('are refused in any other form than one header with Bearer', async () => {
    const { admin, stats } = await guardedHub();
    const { token } = admin;
    const attempts: readonly object[] = [
      { Authorization: [`Bearer ${token}`, `Bearer ${token}`] },
      { Authorization: 'Basic dXNlcjpwYXNz' },
      { Authorization: token },
      { Authorization: `Bearer ${token} x` },
      { Authorization: `Bearer \u00fc${token}` },
      { Authorization: `Bearer ${'x'.repeat(3_000)}` },
      { Authorization: '' },
      { Cookie: `hub_session_${new URL(stats).port}=${token}` },
      { 'Sec-WebSocket-Protocol': token },
      {},
    ];
    const answers = attempts.map((headers) => status(stats, headers as Record<string, string>));
    expect(await Promise.all(answers)).toEqual(attempts.map(() => 401));
  });

  it('are refused in the URL, valid or not', async () => {
    const { hub, admin } = await guardedHub();
    for (const target of ['/?token', '/healthz?a=1&access_token', '/api/stats?ACCESS_TOKEN']) {
      const answer = await ask(`${hub.http}${target}=${admin.token}`, { headers: bearer(admin.token) });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      expect(JSON.stringify(answer.body)).not.toContain(admin.token);
    }
  });

  it('may be given by the settings, and replaced there', async () => {
    const dataDir = await makeTempDir();
    const [first, second] = ['a'.repeat(32), `${'b'.repeat(40)}/+=`];
    const before = await startHub({ dataDir, env: { HUB_ADMIN_TOKEN: first } });
    expect(await status(`${before.http}/api/tokens`, bearer(first))).toBe(200);
    await before.stop();
    const { http } = await startHub({ dataDir, env: { HUB_ADMIN_TOKEN: second } });
    expect(await status(`${http}/api/tokens`, bearer(first))).toBe(401);
    expect(await ask(`${http}/api/tokens`, { headers: bearer(second) })).toMatchObject({
      body: [{ name: 'HUB_ADMIN_TOKEN', role: 'admin' }],
    });
  });

  it('are not asked for while none is made, whatever is shown', async () => {
    const { http } = await startHub({ dataDir: await makeTempDir() });
    expect(await status(`${http}/api/stats`, bearer('anything'))).toBe(200);
    expect((await page(http)).head).toBeGreaterThanOrEqual(0);
  });
});

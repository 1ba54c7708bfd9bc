import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startHub } from '../support/hub.ts';
import { ask, type HttpAnswer } from '../support/hub-http.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { bearer, localToken, makeToken } from '../support/tokens.ts';

const dayMs = 86_400_000;

async function guardedHub(role: string, env: Readonly<Record<string, string>> = {}) {
  const dataDir = await makeTempDir();
  const time = { now: Date.now() };
  const hub = await startHub({ dataDir, env, clock: () => time.now });
  const token = await makeToken(hub.http, dataDir, { role, name: 'wall' });
  return { ...hub, dataDir, token, time };
}

function logIn(http: string, token: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
  return ask(`${http}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ token }),
  });
}

function cookieOf({ headers }: HttpAnswer): { readonly Cookie: string } {
  return { Cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
}

const status = async (url: string, headers: Record<string, string>) => (await ask(url, { headers })).status;

describe('a login', () => {
  it('reads by a cookie that scripts cannot see and other sites cannot send', async () => {
    const { http, token } = await guardedHub('read');
    const nobody = { required: true, role: null, name: null, expires: null };
    expect(await ask(`${http}/api/session`)).toMatchObject({ status: 200, body: nobody });

    const answer = await logIn(http, token.token);
    const who = { required: true, role: 'read', name: 'wall', expires: expect.stringMatching(/Z$/) as string };
    expect(answer).toMatchObject({ status: 200, body: who });
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^hub_session_\d+=[\w-]{40,}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=25\d{5}$/),
    ]);
    expect(await ask(`${http}/api/session`, { headers: cookieOf(answer) })).toMatchObject({ body: who });
    expect(await status(`${http}/api/stats`, cookieOf(answer))).toBe(200);
    expect(await status(`${http}/api/tokens`, cookieOf(answer))).toBe(403);
  });

  it('has a cookie for TLS alone when people come over TLS', async () => {
    const { http, token } = await guardedHub('read', { HUB_PUBLIC_URL: 'https://alerts.example.com' });
    expect((await logIn(http, token.token)).headers['set-cookie']?.[0]).toMatch(/; Secure$/);
  });

  it('changes nothing for a page that does not say where it is from, or is from elsewhere', async () => {
    const { http, token } = await guardedHub('admin');
    const cookie = cookieOf(await logIn(http, token.token));
    const make = async (headers: Record<string, string>) => {
      const asked = { ...cookie, 'Content-Type': 'application/json', ...headers };
      return (await ask(`${http}/api/tokens`, { method: 'POST', headers: asked, body: '{"role":"read"}' })).status;
    };
    expect(await make({})).toBe(403);
    expect(await make({ Origin: 'https://evil.example' })).toBe(403);
    expect(await make({ Origin: http, 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
    expect(await make({ Origin: http, 'Content-Type': 'text/plain' })).toBe(415);
    expect(await make({ Origin: http })).toBe(201);
    expect(await make({ 'Sec-Fetch-Site': 'same-origin' })).toBe(201);
  });

  it('knows itself in the list', async () => {
    const { http, token } = await guardedHub('admin');
    const [, other] = [await logIn(http, token.token), await logIn(http, token.token)].map(cookieOf);
    const listed = await ask(`${http}/api/sessions`, { headers: other! });
    expect((listed.body as { current: boolean }[]).map(({ current }) => current)).toEqual([false, true]);
  });

  it('ends by logging out, and by hand from the list', async () => {
    const { http, token, dataDir } = await guardedHub('read');
    const [one, other] = [await logIn(http, token.token), await logIn(http, token.token)].map(cookieOf);
    const local = bearer(await localToken(dataDir));
    const listed = await ask(`${http}/api/sessions`, { headers: local });
    expect(listed.body).toMatchObject([
      { token: { id: token.id, name: 'wall' }, role: 'read', address: '127.0.0.1' },
      { token: { id: token.id } },
    ]);
    expect((listed.body as { current: boolean }[]).map(({ current }) => current)).toEqual([false, false]);

    const out = await ask(`${http}/api/session`, { method: 'DELETE', headers: { ...one, Origin: http } });
    expect(out.headers['set-cookie']).toEqual([expect.stringMatching(/^hub_session_\d+=; .*Max-Age=0$/)]);
    expect([await status(`${http}/api/stats`, one!), await status(`${http}/api/stats`, other!)]).toEqual([401, 200]);

    const id = (listed.body as { id: string }[])[1]?.id ?? '';
    expect(await ask(`${http}/api/sessions/${id}`, { method: 'DELETE', headers: local })).toMatchObject({
      status: 200,
    });
    expect(await status(`${http}/api/stats`, other!)).toBe(401);
    expect(await ask(`${http}/api/sessions/${id}`, { method: 'DELETE', headers: local })).toMatchObject({
      status: 404,
    });
    const { body } = await ask(`${http}/api/events?type=*`, { headers: local });
    const types = (body as { events: { type: string }[] }).events.map(({ type }) => type);
    expect(types.filter((type) => type.startsWith('session.')).sort()).toEqual([
      'session.created',
      'session.created',
      'session.ended',
      'session.ended',
    ]);
  });

  it('ends with its token', async () => {
    const { http, token, dataDir } = await guardedHub('read');
    const cookie = cookieOf(await logIn(http, token.token));
    const headers = bearer(await localToken(dataDir));
    await ask(`${http}/api/tokens/${token.id}`, { method: 'DELETE', headers });
    expect(await status(`${http}/api/stats`, cookie)).toBe(401);
    expect((await ask(`${http}/api/sessions`, { headers })).body).toEqual([]);
  });

  it('ends after a day without use, and after thirty days in any case', async () => {
    const { http, token, time } = await guardedHub('read');
    const [used, unused] = [await logIn(http, token.token), await logIn(http, token.token)].map(cookieOf);
    for (let day = 0; day < 29; day += 0.9) {
      expect(await status(`${http}/api/stats`, used!)).toBe(200);
      time.now += 0.9 * dayMs;
    }
    expect(await status(`${http}/api/stats`, unused!)).toBe(401);
    time.now += 0.9 * dayMs;
    expect(await status(`${http}/api/stats`, used!)).toBe(401);
  });

  it('outlives a restart, and its secret is in no file', async () => {
    const hub = await guardedHub('read');
    const { http, token, dataDir } = hub;
    const cookie = cookieOf(await logIn(http, token.token));
    await hub.stop();
    const again = await startHub({ dataDir });
    // At another port, by which a browser would not look for it.
    const renamed = cookie.Cookie.replace(/^hub_session_\d+/, `hub_session_${new URL(again.http).port}`);
    expect(await status(`${again.http}/api/stats`, { Cookie: renamed })).toBe(200);
    const kept = await readFile(join(dataDir, 'sessions.json'), 'utf8');
    expect(kept).not.toContain(cookie.Cookie.split('=')[1]?.split('_').slice(1).join('_'));
  });

  it('is one of several hubs on one host, of which a browser sends all cookies to each', async () => {
    const [one, other] = [await guardedHub('read'), await guardedHub('read')];
    const [first, second] = [await logIn(one.http, one.token.token), await logIn(other.http, other.token.token)];
    const both = { Cookie: `${cookieOf(first).Cookie}; ${cookieOf(second).Cookie}` };
    expect(await Promise.all([one, other].map(({ http }) => status(`${http}/api/stats`, both)))).toEqual([200, 200]);
    await ask(`${one.http}/api/session`, { method: 'DELETE', headers: { ...both, Origin: one.http } });
    expect(await Promise.all([one, other].map(({ http }) => status(`${http}/api/stats`, both)))).toEqual([401, 200]);
  });

  it('has a cookie without a number where the address has no port', async () => {
    const { http, token } = await guardedHub('read', { HUB_PUBLIC_URL: 'https://alerts.example.com' });
    const behindProxy = { Host: 'alerts.example.com' };
    const answer = await ask(`${http}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...behindProxy },
      body: JSON.stringify({ token: token.token }),
    });
    expect(cookieOf(answer).Cookie).toMatch(/^hub_session=/);
    expect(await status(`${http}/api/stats`, { ...behindProxy, ...cookieOf(answer) })).toBe(200);
  });

  it('is refused to a token that may only send', async () => {
    const { http, token } = await guardedHub('ingest');
    expect(await logIn(http, token.token)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('is refused for a minute after ten wrong tokens, the right one too', async () => {
    const { http, token } = await guardedHub('read');
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect(await logIn(http, `wrong ${String(attempt)}`)).toMatchObject({
        status: 401,
        body: { code: 'unauthorized' },
      });
    }
    const refused = await logIn(http, token.token);
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(30);
    // What comes with a token is not held up by it.
    expect(await status(`${http}/api/stats`, bearer(token.token))).toBe(200);
  });

  it('is refused to a token that has logged in thirty times in a minute, and to no other', async () => {
    const { http, token, dataDir } = await guardedHub('read');
    const other = await makeToken(http, dataDir, { role: 'read' });
    const answers = await Promise.all(Array.from({ length: 40 }, () => logIn(http, token.token)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(30);
    const refused = answers.filter((answer) => answer.status !== 200);
    for (const answer of refused) expect(answer).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(30);
    expect((await logIn(http, other.token)).status).toBe(200);
  });

  it('ends for the fifty-first of its token if it was not used for longest, and the log says so', async () => {
    const first = await guardedHub('read');
    const { token, dataDir, time } = first;
    const admin = await makeToken(first.http, dataDir, { role: 'admin' });
    const kept = cookieOf(await logIn(first.http, admin.token));
    const cookies: { readonly Cookie: string }[] = [];
    const logInTimes = async (count: number, http: string) => {
      for (let at = 0; at < count; at += 1) {
        time.now += 1_000;
        cookies.push(cookieOf(await logIn(http, token.token)));
      }
    };
    await logInTimes(25, first.http);
    await first.stop();
    // A restart ends no login, and forgets how many there were in the minute.
    const { http } = await startHub({ dataDir, clock: () => time.now });
    const stateOf = ({ Cookie }: { readonly Cookie: string }) =>
      status(`${http}/api/stats`, { Cookie: Cookie.replace(/^hub_session_\d+/, `hub_session_${new URL(http).port}`) });
    await logInTimes(25, http);
    expect(await stateOf(cookies[0]!)).toBe(200);
    expect(await stateOf(kept)).toBe(200);
    await logInTimes(1, http);
    const states = await Promise.all([cookies[0]!, cookies[1]!, cookies[2]!, cookies[50]!, kept].map(stateOf));
    expect(states).toEqual([200, 401, 200, 200, 200]);
    const headers = bearer(await localToken(dataDir));
    const { body } = await ask(`${http}/api/events?type=session.ended`, { headers });
    expect((body as { events: unknown[] }).events).toMatchObject([
      {
        by: `wall (${token.id})`,
        reason: 'of the 50 logins of one token it was not used for longest, and one more came',
      },
    ]);
  });

  it('needs no token where none was made', async () => {
    const { http } = await startHub({ dataDir: await makeTempDir() });
    const everyone = { required: false, role: 'admin', name: 'anonymous', expires: null };
    expect(await ask(`${http}/api/session`)).toMatchObject({ status: 200, body: everyone });
    expect(await logIn(http, 'anything')).toMatchObject({ status: 200, body: everyone });
  });
});

describe('a token that has expired', () => {
  it('is not rotated into another that has', async () => {
    const { http, dataDir, time } = await guardedHub('read');
    const brief = await makeToken(http, dataDir, { role: 'read', expires: '1h' });
    time.now += 2 * 3_600_000;
    const headers = { ...bearer(await localToken(dataDir)), 'Content-Type': 'application/json' };
    const answer = await ask(`${http}/api/tokens/${brief.id}/rotate`, { method: 'POST', headers, body: '{}' });
    const error = `the token ${brief.id} has expired; create a new one`;
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', error } });
  });
});

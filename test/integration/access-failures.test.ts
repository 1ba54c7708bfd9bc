import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { startHub, startHubProcess } from '../support/hub.ts';
import { ask, type HttpAnswer } from '../support/hub-http.ts';
import { refusedOver } from '../support/metrics.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { bearer, localToken, makeToken } from '../support/tokens.ts';
import { connectWs, refusedUpgrade } from '../support/ws-client.ts';

const times = (count: number) => Array.from({ length: count }, (_, at) => at);

async function guardedHub() {
  const dataDir = await makeTempDir();
  // It believes whoever asks about the address they come from.
  const hub = await startHub({ dataDir, env: { HUB_TRUSTED_PROXIES: '127.0.0.0/8' } });
  const { token } = await makeToken(hub.http, dataDir, { role: 'read' });
  return { ...hub, token, local: bearer(await localToken(dataDir)) };
}

const from = (address: string) => ({ 'X-Forwarded-For': address });

function logIn(http: string, token: string, address: string): Promise<HttpAnswer> {
  return ask(`${http}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...from(address) },
    body: JSON.stringify({ token }),
  });
}

async function failuresOf(http: string, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const { body } = await ask(`${http}/metrics`, { headers });
  const samples = String(body).matchAll(/^alert_hub_auth_failures_total\{channel="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...samples].map(([, channel, count]) => [channel, Number(count)]));
}

describe('who shows no valid token', () => {
  it('is counted by channel, and told of in the hub’s own log once, however often it is', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHubProcess({ dataDir });
    const { token } = await makeToken(hub.http, dataDir, { role: 'read' });
    await ask(`${hub.http}/api/stats`);
    await ask(`${hub.http}/api/stats`, { headers: { Cookie: `hub_session_${String(hub.httpPort)}=1a2b3c4d_x` } });
    await Promise.all(times(20).map(() => ask(`${hub.http}/api/stats`, { headers: bearer('wrong') })));
    await refusedUpgrade(hub.http);
    await refusedUpgrade(hub.http, '', bearer('wrong'));
    await logIn(hub.http, 'wrong', '192.0.2.1');
    for (const line of ['{"message":"m"}\n', '{"token":"wrong"}\n', 'x'.repeat(100_000)]) {
      const producer = await connectTcp(`${hub.tcpHost}:${String(hub.tcpPort)}`);
      producer.send(line);
      await producer.ended;
    }
    const expected = { tcp: 3, http: 22, ws: 2, login: 1 };
    expect(await failuresOf(hub.http, bearer(await localToken(dataDir)))).toEqual(expected);
    // What is let in, or wants more than its role, is none.
    await ask(`${hub.http}/api/tokens`, { headers: bearer(token) });
    await ask(`${hub.http}/api/session`);
    expect(await failuresOf(hub.http, bearer(token))).toEqual(expected);
    const warnings = () =>
      hub
        .output()
        .split('\n')
        .filter((line) => line.includes('was refused, having shown'));
    await waitFor(() => warnings().length >= 4, { what: 'a warning for each channel' });
    await hub.stop();
    expect(warnings()).toHaveLength(4);
  });

  it('is refused for a while after a hundred wrong tokens in a minute, and let in with a valid one', async () => {
    const { http, token, local } = await guardedHub();
    const wrong = (address: string) => ask(`${http}/api/stats`, { headers: { ...bearer('wrong'), ...from(address) } });
    const answers = await Promise.all(times(100).map(() => wrong('192.0.2.1')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    const refused = await wrong('192.0.2.1');
    expect(refused).toMatchObject({ status: 429, body: { ok: false, code: 'rate_limited' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(30);
    expect(await refusedUpgrade(http, '', { ...bearer('wrong'), ...from('192.0.2.1') })).toMatchObject({
      status: 429,
      body: { retryAfter: expect.any(Number) as number },
    });
    expect(await refusedOver(http, 'wrong_tokens', local)).toBe(2);

    const valid = { ...bearer(token), ...from('192.0.2.1') };
    expect((await ask(`${http}/api/stats`, { headers: valid })).status).toBe(200);
    await (await connectWs(http, '', valid)).frame('caught_up');
    expect((await logIn(http, token, '192.0.2.1')).status).toBe(200);
    expect((await ask(`${http}/api/stats`, { headers: from('192.0.2.1') })).status).toBe(401);
    expect((await wrong('192.0.2.2')).status).toBe(401);
  });

  it('is counted with its /64 when it comes by IPv6, at the login too', async () => {
    const { http, token, local } = await guardedHub();
    for (const at of times(10)) {
      expect((await logIn(http, 'wrong', `2001:db8:1:2::${String(at)}`)).status).toBe(401);
    }
    expect((await logIn(http, token, '2001:db8:1:2:3:4:5:6')).status).toBe(429);
    expect((await logIn(http, token, '2001:db8:1:3::1')).status).toBe(200);
    expect(await refusedOver(http, 'logins', local)).toBe(1);

    const wrong = (address: string) => ask(`${http}/api/stats`, { headers: { ...bearer('wrong'), ...from(address) } });
    await Promise.all(times(100).map((at) => wrong(`2001:db8:1:2::${String(at)}`)));
    expect((await wrong('2001:db8:1:2:ffff::1')).status).toBe(429);
    expect((await wrong('2001:db8:1:3::1')).status).toBe(401);
  });
});

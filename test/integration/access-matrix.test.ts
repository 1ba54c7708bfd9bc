import { describe, expect, it } from 'vitest';
import { runCli, startCli } from '../support/cli.ts';
import { waitFor } from '../support/deadline.ts';
import { startHub } from '../support/hub.ts';
import { ask } from '../support/hub-http.ts';
import { allRoutes } from '../support/routes.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { bearer, localToken, makeToken, type MadeToken } from '../support/tokens.ts';
import { connectWs, refusedUpgrade } from '../support/ws-client.ts';

type Needs = 'open' | 'ingest' | 'read' | 'admin';

interface Row {
  readonly needs: Needs;
  /** Where it is not the route's own. */
  readonly path?: string;
  readonly body?: object;
}

/** What everyone may do, by hand: a route that is not here has not been thought about. */
const rows: Readonly<Record<string, Row>> = {
  'GET /healthz': { needs: 'open' },
  'GET /readyz': { needs: 'open' },
  'GET /metrics': { needs: 'read' },
  'GET /api/session': { needs: 'open' },
  'POST /api/session': { needs: 'open', body: { token: 'TOKEN' } },
  'DELETE /api/session': { needs: 'open' },
  'POST /api/events': { needs: 'ingest', body: { message: 'm' } },
  'GET /api/events': { needs: 'read' },
  'GET /api/events/:position': { needs: 'read', path: '/api/events/1' },
  'GET /api/events/:position/trace': { needs: 'read', path: '/api/events/1/trace' },
  'GET /api/stats': { needs: 'read' },
  'GET /api/histogram': { needs: 'read' },
  'GET /api/notifications': { needs: 'read' },
  'GET /api/subscribers': { needs: 'read' },
  'POST /api/import': { needs: 'admin', body: { message: 'm' } },
  'POST /api/events/:position/redact': { needs: 'admin', path: '/api/events/1/redact', body: {} },
  'POST /api/test-email': { needs: 'admin', body: { to: 'me@example.com' } },
  'GET /api/tokens': { needs: 'admin' },
  'POST /api/tokens': { needs: 'admin', body: { role: 'read' } },
  'POST /api/tokens/:id/rotate': { needs: 'admin', path: '/api/tokens/00000000/rotate', body: {} },
  'DELETE /api/tokens/:id': { needs: 'admin', path: '/api/tokens/00000000' },
  'GET /api/sessions': { needs: 'admin' },
  'DELETE /api/sessions/:id': { needs: 'admin', path: '/api/sessions/00000000' },
};

const frames: Readonly<Record<string, { readonly needs: Needs; readonly frame: object }>> = {
  'a draft': { needs: 'ingest', frame: { message: 'm' } },
  publish: { needs: 'ingest', frame: { type: 'publish', event: { message: 'm' } } },
  subscribe: { needs: 'read', frame: { type: 'subscribe', after: 0 } },
};

/** What each command asks a hub for; null for those that ask none. */
const commands: Readonly<Record<string, { readonly needs: Needs; readonly args: readonly string[] } | null>> = {
  send: { needs: 'ingest', args: ['hello'] },
  tail: { needs: 'read', args: ['--after', '0'] },
  query: { needs: 'read', args: [] },
  replay: { needs: 'read', args: [] },
  export: { needs: 'read', args: [] },
  import: { needs: 'admin', args: [] },
  redact: { needs: 'admin', args: ['4'] },
  token: { needs: 'admin', args: ['list'] },
  'test-email': { needs: 'admin', args: ['me@example.com'] },
  serve: null,
  verify: null,
  backup: null,
  restore: null,
  certificate: null,
};

const exported = {
  position: 1,
  type: 'event',
  id: 'from elsewhere',
  time: '2026-01-01T00:00:00.000Z',
  receivedAt: '2026-01-01T00:00:00.000Z',
  source: 's',
  severity: 'info',
  message: 'm',
  channel: 'http',
  key: 's',
  status: 'firing',
};

const roles = ['ingest', 'read', 'admin'] as const;
const isAllowed = (role: string, needs: Needs) => needs === 'open' || role === 'admin' || role === needs;

/** A hub with a token of each role, and an event at position 4. */
async function guardedHub() {
  const dataDir = await makeTempDir();
  const { http, tcp } = await startHub({ dataDir });
  const made = async (role: string) => (await makeToken(http, dataDir, { role })).token;
  const tokens = { ingest: await made('ingest'), read: await made('read'), admin: await made('admin') };
  await ask(`${http}/api/events`, {
    method: 'POST',
    headers: { ...bearer(tokens.ingest), 'Content-Type': 'application/json' },
    body: '{"message":"first"}',
  });
  return { http, tcp, tokens, local: await localToken(dataDir) };
}

describe('the authorisation of every route', () => {
  const routes = allRoutes().filter(({ path }) => !isOfPage(path));

  it('is written down here, and the same there', () => {
    const declared = routes.map(({ method, path, needs }) => [`${method} ${path}`, needs] as const);
    const written = Object.entries(rows).map(([route, { needs }]) => [route, needs] as const);
    expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(written));
    expect(declared).toHaveLength(written.length);
    // The page's files, which tell nobody anything.
    const others = allRoutes().filter(({ path }) => isOfPage(path));
    expect(others.filter(({ method, needs }) => method !== 'GET' || needs !== 'open')).toEqual([]);
  });

  it('holds for every role, this machine, logins, a wrong token and none', { timeout: 120_000 }, async () => {
    const { http, tokens, local } = await guardedHub();
    // With a token of its own each time: one may not log in so often.
    const logIn = async (role: string) => {
      const headers = { 'Content-Type': 'application/json' };
      const asked = { method: 'POST', headers: { ...headers, ...bearer(local) }, body: JSON.stringify({ role }) };
      const { token } = (await ask(`${http}/api/tokens`, asked)).body as MadeToken;
      const answer = await ask(`${http}/api/session`, { method: 'POST', headers, body: JSON.stringify({ token }) });
      return { Cookie: answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '', Origin: http };
    };
    const who: Readonly<Record<string, () => Promise<{ role: string; headers: Record<string, string> }>>> = {
      nobody: async () => ({ role: 'none', headers: {} }),
      'a wrong token': async () => ({ role: 'none', headers: bearer(`${tokens.admin}x`) }),
      'a wrong login': async () => ({
        role: 'none',
        headers: { Cookie: `hub_session_${new URL(http).port}=1a2b3c4d_x`, Origin: http },
      }),
      'the role ingest': async () => ({ role: 'ingest', headers: bearer(tokens.ingest) }),
      'the role read': async () => ({ role: 'read', headers: bearer(tokens.read) }),
      'the role admin': async () => ({ role: 'admin', headers: bearer(tokens.admin) }),
      'this machine': async () => ({ role: 'admin', headers: bearer(local) }),
      'a login to read': async () => ({ role: 'read', headers: await logIn('read') }),
      'a login as admin': async () => ({ role: 'admin', headers: await logIn('admin') }),
    };
    const wrong: string[] = [];
    for (const [route, row] of Object.entries(rows)) {
      for (const [name, credential] of Object.entries(who)) {
        const { role, headers } = await credential();
        const status = await statusOf(http, route, row, headers, tokens.admin);
        const isRight = isAllowed(role, row.needs)
          ? (status !== 401 || (route === 'GET /api/session' && name === 'a wrong token')) && status !== 403
          : status === (role === 'none' ? 401 : 403);
        if (!isRight) wrong.push(`${route} by ${name}: ${String(status)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is for everyone while no token is made', async () => {
    const { http } = await startHub({ dataDir: await makeTempDir() });
    const refused: string[] = [];
    // The last makes the first token.
    const open = Object.entries(rows).filter(([route]) => route !== 'POST /api/tokens');
    for (const [route, row] of open) {
      const status = await statusOf(http, route, row, {}, 'x');
      if (status === 401 || status === 403) refused.push(`${route}: ${String(status)}`);
    }
    expect(refused).toEqual([]);
  });
});

describe('the authorisation of every frame', () => {
  it.each(Object.entries(frames))('holds for every role: %s', async (_, { needs, frame }) => {
    const { http, tokens } = await guardedHub();
    for (const role of roles) {
      const client = await connectWs(http, '?subscribe=0', bearer(tokens[role]));
      await client.frame('hello');
      client.send(frame);
      const answer = await client.frame(({ type }) => ['error', 'ack', 'events'].includes(type));
      expect([role, answer.type === 'error' ? answer['code'] : 'allowed']).toEqual([
        role,
        isAllowed(role, needs) ? 'allowed' : 'forbidden',
      ]);
    }
  });

  it('begins at the upgrade', async () => {
    const { http, tokens } = await guardedHub();
    for (const query of ['', '?subscribe=0', '?after=0', '?after=0&epoch=another']) {
      expect((await refusedUpgrade(http, query)).status).toBe(401);
      expect((await refusedUpgrade(http, query, bearer('wrong'))).status).toBe(401);
    }
    expect((await refusedUpgrade(http, '?after=0', bearer(tokens.ingest))).status).toBe(403);
    for (const role of ['read', 'admin'] as const)
      await (await connectWs(http, '', bearer(tokens[role]))).frame('caught_up');
  });

  it('is that of the first line over TCP', async () => {
    const { tcp, tokens } = await guardedHub();
    const outcome = async (token?: string) => {
      const producer = await connectTcp(tcp);
      if (token !== undefined) producer.send({ token });
      producer.send({ message: 'm' });
      await waitFor(() => producer.answers.some(({ ok, position }) => !ok || position !== undefined), {
        what: 'a verdict',
      });
      return producer.answers.at(-1)?.code ?? 'allowed';
    };
    expect(await Promise.all([outcome(), outcome('wrong'), ...roles.map((role) => outcome(tokens[role]))])).toEqual([
      'unauthorized',
      'unauthorized',
      'allowed',
      'forbidden',
      'allowed',
    ]);
  });
});

describe('the authorisation of every command', () => {
  it('is written down here', async () => {
    const { stdout } = await runCli(['--help'], { dataDir: await makeTempDir() });
    const verbs = [...stdout.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map(([, verb]) => verb);
    expect(verbs.sort()).toEqual(Object.keys(commands).sort());
  });

  it('holds for every role and none', { timeout: 300_000 }, async () => {
    const { http, tokens } = await guardedHub();
    const elsewhere = await makeTempDir();
    const isRefused = async (verb: string, args: readonly string[], token: string) => {
      const process = startCli([verb, ...args], { dataDir: elsewhere, env: { HUB_TOKEN: token, HUB_URL: http } });
      process.child.stdin.end(verb === 'import' ? `${JSON.stringify(exported)}\n` : '');
      // It goes on by itself: it has been let in when it shows something.
      if (verb === 'tail')
        await waitFor(() => process.stdout() !== '' || process.stderr() !== '', { within: 60_000, what: 'output' });
      const exitCode = verb === 'tail' && process.stdout() !== '' ? 0 : (await process.result).exitCode;
      return exitCode !== 0 && /unauthorized|forbidden|token/i.test(process.stderr());
    };
    const wrong: string[] = [];
    for (const [verb, command] of Object.entries(commands)) {
      if (command === null) continue;
      const { needs, args } = command;
      const callers = { none: 'wrong', ...tokens };
      await Promise.all(
        Object.entries(callers).map(async ([role, token]) => {
          const refused = await isRefused(verb, args, token);
          if (refused === isAllowed(role, needs)) wrong.push(`${verb} by ${role}: ${refused ? 'refused' : 'let in'}`);
        }),
      );
    }
    expect(wrong).toEqual([]);
  });
});

function isOfPage(path: string): boolean {
  return !path.startsWith('/api/') && !['/healthz', '/readyz', '/metrics'].includes(path);
}

async function statusOf(
  http: string,
  route: string,
  { path, body }: Row,
  headers: Record<string, string>,
  token: string,
): Promise<number> {
  const [method = '', own = ''] = route.split(' ');
  const type = route === 'POST /api/import' ? 'application/x-ndjson' : 'application/json';
  const asked = {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': type }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body).replace('TOKEN', token) }),
  };
  return (await ask(`${http}${path ?? own}`, asked)).status;
}

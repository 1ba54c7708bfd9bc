import type { Limits } from '../limits/limits.ts';
import { whoIs, type Access, type Principal } from '../pipeline/access.ts';
import type { SessionDesk } from '../pipeline/access-desks.ts';
import { RefusedError } from '../pipeline/codes.ts';
import { shown } from '../pipeline/field-error.ts';
import type { Admission } from './admission.ts';
import { cookieFor, credentialOf } from './credential.ts';
import type { Exchange } from './exchange.ts';
import { MinuteLimit } from './minute-limit.ts';
import { readJsonBody } from './json-body.ts';
import { readParameters } from './parameters.ts';
import type { Route } from './router.ts';

const maxBodyBytes = 4_096;
/** Of one address in a minute. */
const maxFailedLogins = 10;
/** With one token in a minute. Each is a record in the log. */
const maxLogins = 30;

export interface SessionRoutesOptions {
  readonly access: Access;
  readonly sessions: SessionDesk;
  readonly admission: Admission;
  readonly limits: Pick<Limits, 'refusals'>;
  /** Whether browsers send the cookie over TLS alone. */
  readonly isSecure: boolean;
  readonly clock: () => number;
}

/** The dashboard's login. `GET /api/session` says who one is, `POST` with `{"token"}` logs in, `DELETE` logs out. */
export function sessionRoutes(options: SessionRoutesOptions): readonly Route[] {
  const { admission, sessions } = options;
  const limits = loginLimits(options);
  return [
    {
      method: 'GET',
      path: '/api/session',
      needs: 'open',
      handle: (exchange) => {
        readParameters(exchange.queryText, []);
        exchange.json(200, described(admission.identify(exchange), options));
      },
    },
    { method: 'POST', path: '/api/session', needs: 'open', handle: (exchange) => logIn(exchange, limits, options) },
    { method: 'DELETE', path: '/api/session', needs: 'open', handle: (exchange) => logOut(exchange, options) },
    {
      method: 'GET',
      path: '/api/sessions',
      needs: 'admin',
      handle: (exchange) => {
        readParameters(exchange.queryText, []);
        const credential = credentialOf(exchange);
        const secret = credential.kind === 'session' ? credential.secret : null;
        exchange.json(200, JSON.stringify(sessions.list(secret)));
      },
    },
    {
      method: 'DELETE',
      path: '/api/sessions/:id',
      needs: 'admin',
      handle: async (exchange, [id = ''], principal) => {
        readParameters(exchange.queryText, []);
        await sessions.end(id, whoIs(principal));
        exchange.json(200, '{"ok":true}');
      },
    },
  ];
}

interface LoginLimits {
  readonly failed: MinuteLimit;
  readonly withToken: MinuteLimit;
}

function loginLimits({ limits, clock }: SessionRoutesOptions): LoginLimits {
  const shared = { clock, refusals: limits.refusals, limit: 'logins' } as const;
  return {
    failed: new MinuteLimit({ ...shared, most: maxFailedLogins, what: 'logins failed' }),
    withToken: new MinuteLimit({ ...shared, most: maxLogins, what: 'logins came with this token' }),
  };
}

async function logIn(exchange: Exchange, limits: LoginLimits, options: SessionRoutesOptions): Promise<void> {
  const { access, sessions, isSecure, clock } = options;
  const { address, clientKey } = exchange;
  readParameters(exchange.queryText, []);
  const token = await readToken(exchange);
  if (access.anonymous !== null) {
    exchange.json(200, described(access.anonymous, options));
    return;
  }
  limits.failed.check(clientKey);
  const tokenId = access.authenticate(token)?.token ?? null;
  if (tokenId !== null) {
    limits.withToken.check(tokenId);
    limits.withToken.count(tokenId);
  }
  const session = await sessions.open(token, address);
  if (session === null) {
    access.failed({ channel: 'login', address, shown: 'a wrong token' });
    limits.failed.count(clientKey);
    throw new RefusedError('unauthorized', 'token: is not valid');
  }
  const { principal, secret } = session;
  const seconds = Math.ceil(((principal.expires ?? 0) - clock()) / 1_000);
  answer(exchange, described(principal, options), cookieFor(exchange, secret, Math.max(0, seconds), isSecure));
}

async function logOut(exchange: Exchange, { sessions, isSecure }: SessionRoutesOptions): Promise<void> {
  readParameters(exchange.queryText, []);
  const credential = credentialOf(exchange);
  if (credential.kind === 'session') await sessions.logout(credential.secret);
  answer(exchange, '{"ok":true}', cookieFor(exchange, '', 0, isSecure));
}

async function readToken(exchange: Exchange): Promise<string> {
  const { token, ...others } = await readJsonBody(exchange, maxBodyBytes);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new RefusedError('invalid_request', `${shown(unknown)}: unknown field; known is token`);
  if (typeof token === 'string') return token;
  // Not what it is: it may be a secret all the same.
  throw new RefusedError('invalid_request', 'token: must be a text');
}

function described(principal: Principal | null, { access }: Pick<SessionRoutesOptions, 'access'>): string {
  const { role = null, name = null, expires = null } = principal ?? {};
  const until = expires === null ? null : new Date(expires).toISOString();
  return JSON.stringify({ required: access.anonymous === null, role, name, expires: until });
}

function answer(exchange: Exchange, body: string, cookie: string): void {
  const headers = [
    ['Content-Type', 'application/json; charset=utf-8'],
    ['Cache-Control', 'no-store'],
    ['Set-Cookie', cookie],
  ] as const;
  exchange.answer(200, headers, body);
}

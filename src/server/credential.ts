import { RefusedError } from '../pipeline/codes.ts';
import type { Exchange } from './exchange.ts';

/** How somebody shows who they are. */
export type Credential =
  | { readonly kind: 'none' }
  /** A text that cannot be one is empty. */
  | { readonly kind: 'token'; readonly secret: string }
  | { readonly kind: 'session'; readonly secret: string };

const maxLength = 256;

/** What a request shows: a token in its header (RFC 6750, 2.1) or, where a page opens a WebSocket and cannot set that, among
 *  its subprotocols as `bearer.<token>`; else the cookie of a login. */
export function credentialOf(exchange: Exchange): Credential {
  const { authorizations } = exchange;
  if (authorizations.length > 0) return { kind: 'token', secret: bearerOf(authorizations) };
  const offered = subprotocols(exchange).find(isBearer);
  if (offered !== undefined) return { kind: 'token', secret: within(offered.slice(bearerPrefix.length)) };
  const secret = cookieOf(exchange);
  return secret === undefined ? { kind: 'none' } : { kind: 'session', secret: within(secret) };
}

/** The subprotocol that the hub takes of those that are offered, if any; never the one that is a token. */
export function subprotocolOf(exchange: Exchange): string {
  return subprotocols(exchange).find((offered) => !isBearer(offered)) ?? '';
}

/** What is set as a cookie for a login. Scripts cannot read it, and other sites cannot have it sent. `maxAgeSeconds` of 0
 *  takes it back. */
export function cookieFor(exchange: Exchange, secret: string, maxAgeSeconds: number, isSecure: boolean): string {
  const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${String(maxAgeSeconds)}`;
  return `${cookieName(exchange)}=${secret}; ${attributes}${isSecure ? '; Secure' : ''}`;
}

/** Throws `invalid_request` when a URL carries a token: URLs are kept in histories, and in the logs of proxies. */
export function refuseTokenInUrl(queryText: string): void {
  const name = /(?:^|&)((?:access_)?token)=/i.exec(queryText)?.[1];
  if (name === undefined) return;
  throw new RefusedError('invalid_request', `${name}: a token has no place in a URL; send it as Authorization: Bearer`);
}

const bearerPrefix = 'bearer.';

function subprotocols(exchange: Exchange): readonly string[] {
  const header = exchange.header('sec-websocket-protocol');
  return header === undefined ? [] : header.split(',').map((name) => name.trim());
}

function isBearer(subprotocol: string): boolean {
  return subprotocol.startsWith(bearerPrefix);
}

/** Of another scheme, and of a header that was sent twice, nothing is taken. */
function bearerOf(authorizations: readonly string[]): string {
  const [only = ''] = authorizations;
  return authorizations.length === 1 ? within(/^bearer +([\x21-\x7e]+)$/i.exec(only)?.[1] ?? '') : '';
}

function within(secret: string): string {
  return secret.length <= maxLength ? secret : '';
}

function cookieOf(exchange: Exchange): string | undefined {
  const cookies = exchange.header('cookie');
  if (cookies === undefined) return undefined;
  const beginning = `${cookieName(exchange)}=`;
  const pairs = cookies.split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(beginning))?.slice(beginning.length);
}

/** A browser sends cookies to every port of a host: the port by which it reaches this hub, which may be a proxy's, tells
 *  the hubs of one host apart. */
function cookieName(exchange: Exchange): string {
  const [, port] = /:(\d{1,5})$/.exec(exchange.header('host') ?? '') ?? [];
  return port === undefined ? 'hub_session' : `hub_session_${port}`;
}

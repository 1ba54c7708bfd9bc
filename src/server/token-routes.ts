import { whoIs } from '../pipeline/access.ts';
import type { TokenDesk } from '../pipeline/access-desks.ts';
import { readOverlap, readTokenRequest } from '../pipeline/token-request.ts';
import { readJsonBody } from './json-body.ts';
import { readParameters } from './parameters.ts';
import type { GuardedRoute, Route } from './router.ts';

type Handle = GuardedRoute['handle'];

const maxBodyBytes = 64 * 1024;

export interface TokenRoutesOptions {
  readonly tokens: TokenDesk;
  readonly clock: () => number;
}

/** Making, listing, replacing and revoking tokens. A secret is in the answer that it was made by, and never again. */
export function tokenRoutes({ tokens, clock }: TokenRoutesOptions): readonly Route[] {
  const list: Handle = (exchange) => {
    readParameters(exchange.queryText, []);
    exchange.json(200, JSON.stringify(tokens.list()));
  };
  const create: Handle = async (exchange, _, principal) => {
    readParameters(exchange.queryText, []);
    const request = readTokenRequest(await readJsonBody(exchange, maxBodyBytes), clock());
    const made = await tokens.create(request, whoIs(principal));
    exchange.json(201, JSON.stringify({ ok: true, ...made }));
  };
  const rotate: Handle = async (exchange, [id = ''], principal) => {
    readParameters(exchange.queryText, []);
    const overlapMs = readOverlap(await readJsonBody(exchange, maxBodyBytes));
    const made = await tokens.rotate(id, overlapMs, whoIs(principal));
    exchange.json(201, JSON.stringify({ ok: true, ...made }));
  };
  const revoke: Handle = async (exchange, [id = ''], principal) => {
    readParameters(exchange.queryText, []);
    const revoked = await tokens.revoke(id, whoIs(principal));
    exchange.json(200, JSON.stringify({ ok: true, ...revoked }));
  };
  return [
    { method: 'GET', path: '/api/tokens', needs: 'admin', handle: list },
    { method: 'POST', path: '/api/tokens', needs: 'admin', handle: create },
    { method: 'POST', path: '/api/tokens/:id/rotate', needs: 'admin', handle: rotate },
    { method: 'DELETE', path: '/api/tokens/:id', needs: 'admin', handle: revoke },
  ];
}

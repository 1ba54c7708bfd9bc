import type { Limits } from '../limits/limits.ts';
import { mayDo, type Access, type AccessFailure, type Principal, type Role } from '../pipeline/access.ts';
import type { SessionDesk } from '../pipeline/access-desks.ts';
import { RefusedError } from '../pipeline/codes.ts';
import { credentialOf } from './credential.ts';
import type { Exchange } from './exchange.ts';
import { MinuteLimit } from './minute-limit.ts';

/** Lets in whoever may do what they ask for. */
export interface Admission {
  /** Who asks, or null when nobody says who. Throws `unauthorized` when a token is shown that is no good, and `rate_limited`
   *  when that was so too often; a good one is let in all the same. */
  identify(exchange: Exchange): Principal | null;
  /** Who asks, if their role is one of `needs`. Throws the same, or `forbidden`. */
  admit(exchange: Exchange, needs: readonly Role[]): Principal;
}

export interface AdmissionOptions {
  readonly access: Access;
  readonly sessions: Pick<SessionDesk, 'authenticate'>;
  readonly limits: Pick<Limits, 'refusals'>;
  readonly clock: () => number;
}

/** Of one address in a minute. Nobody guesses 256 bits: it is for the work that they make. */
const maxWrongTokens = 100;
const howTo = 'send one as Authorization: Bearer, or log in';

export function createAdmission({ access, sessions, limits, clock }: AdmissionOptions): Admission {
  const what = 'wrong tokens came from this address';
  const wrongTokens = new MinuteLimit({
    clock,
    most: maxWrongTokens,
    what,
    refusals: limits.refusals,
    limit: 'wrong_tokens',
  });
  const failed = ({ path, address }: Exchange, shown: AccessFailure['shown']) => {
    access.failed({ channel: path === '/ws' ? 'ws' : 'http', address, shown });
  };
  const identify = (exchange: Exchange): Principal | null => {
    const credential = credentialOf(exchange);
    if (credential.kind === 'none') return access.anonymous;
    if (credential.kind === 'session') return access.anonymous ?? sessions.authenticate(credential.secret);
    const principal = access.authenticate(credential.secret) ?? access.anonymous;
    if (principal !== null) return principal;
    failed(exchange, 'a wrong token');
    wrongTokens.check(exchange.clientKey);
    wrongTokens.count(exchange.clientKey);
    throw new RefusedError('unauthorized', `the token is not valid; ${howTo}`);
  };
  return {
    identify,
    admit: (exchange, needs) => {
      const principal = identify(exchange);
      if (principal === null) {
        failed(exchange, credentialOf(exchange).kind === 'none' ? 'no token' : 'a login that is over');
        throw new RefusedError('unauthorized', `a token is needed; ${howTo}`);
      }
      if (!needs.some((role) => mayDo(principal, role))) {
        const rule = `needs a token with the role ${needs.join(' or ')}; this one has ${principal.role}`;
        throw new RefusedError('forbidden', `${exchange.method} ${exchange.path}: ${rule}`);
      }
      if (principal !== access.anonymous) refuseForeignPage(exchange);
      return principal;
    },
  };
}

/** A browser sends the cookie of a login by itself, and says which page made it do so, except where nothing is changed. */
function refuseForeignPage(exchange: Exchange): void {
  const isRead = (exchange.method === 'GET' || exchange.method === 'HEAD') && exchange.header('upgrade') === undefined;
  if (isRead || credentialOf(exchange).kind !== 'session') return;
  const { origin, secFetchSite } = exchange.origin;
  // A foreign one has been refused before.
  if (origin !== '' || secFetchSite === 'same-origin') return;
  throw new RefusedError('forbidden', 'Origin: must be there beside the cookie of a login; a program sends a token');
}

import type { Role } from '../../src/pipeline/access.ts';
import type { SessionInfo } from '../../src/pipeline/access-desks.ts';
import { getJson, sendJson } from './hub-api.ts';

/** The answer of `GET /api/session`. */
export interface Identity {
  /** Whether the hub asks for a token. */
  readonly required: boolean;
  /** Null when nobody is logged in, as the others. */
  readonly role: Role | null;
  readonly name: string | null;
  /** RFC 3339, or null for never. */
  readonly expires: string | null;
}

/** The login of the hub that served this page. The cookie that it gives is out of reach of scripts. */
export interface SessionApi {
  identify(signal: AbortSignal): Promise<Identity>;
  logIn(token: string): Promise<unknown>;
  logOut(): Promise<unknown>;
  /** Everyone's, for administrators; so is ending one. */
  list(signal: AbortSignal): Promise<readonly SessionInfo[]>;
  end(id: string): Promise<unknown>;
}

export function sessionApi(base: string): SessionApi {
  const own = new URL('api/session', base);
  return {
    identify: async (signal) => (await getJson(own, signal)) as Identity,
    logIn: (token) => sendJson('POST', own, { token }),
    logOut: () => sendJson('DELETE', own),
    list: async (signal) => (await getJson(new URL('api/sessions', base), signal)) as readonly SessionInfo[],
    end: (id) => sendJson('DELETE', new URL(`api/sessions/${encodeURIComponent(id)}`, base)),
  };
}

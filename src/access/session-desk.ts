import type { Principal } from '../pipeline/access.ts';
import type { AccessDecision } from '../pipeline/access-decision.ts';
import type { SessionDesk } from '../pipeline/access-desks.ts';
import { RefusedError } from '../pipeline/codes.ts';
import type { Sessions } from './sessions.ts';
import type { Tokens } from './tokens.ts';

export interface SessionDeskOptions {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  /** The principal of the session with this id, if it is in force. */
  readonly passOf: (id: string) => Principal | null;
  readonly changed: (decision: AccessDecision) => Promise<void>;
}

/** Logs in and out, and tells `changed` of each once it is on the disk. */
export function createSessionDesk({ tokens, sessions, passOf, changed }: SessionDeskOptions): SessionDesk {
  const find = (secret: string) => {
    const id = sessions.find(secret);
    return id === null ? null : { id, pass: passOf(id) };
  };
  const end = async (id: string, by: string) => {
    await sessions.end(id);
    await changed({ type: 'session.ended', id, by, reason: `${by} ended it` });
  };
  return {
    open: async (secret, address) => {
      const token = tokens.find(secret);
      if (token === null) return null;
      const { id: tokenId, name, role } = token;
      if (role === 'ingest') throw new RefusedError('forbidden', 'an ingest token sends events, and may not read them');
      const { ended, ...session } = await sessions.open(token, address);
      const by = `${name} (${tokenId})`;
      const { id } = session;
      for (const one of ended) await changed({ type: 'session.ended', id: one.id, by, reason: one.reason });
      await changed({ type: 'session.created', id, token: tokenId, address, by, reason: `${by} logged in` });
      const principal = passOf(id);
      return principal === null ? null : { ...session, principal };
    },
    authenticate: (secret) => find(secret)?.pass ?? null,
    list: (secret) => {
      const own = secret === null ? null : sessions.find(secret);
      return sessions.list().map((session) => ({ ...session, current: session.id === own }));
    },
    end,
    logout: async (secret) => {
      const found = find(secret);
      if (found?.pass != null) await end(found.id, `${found.pass.name} (${found.pass.token ?? ''})`);
    },
  };
}

import type { AccessDecision } from '../pipeline/access-decision.ts';
import type { TokenDesk } from '../pipeline/access-desks.ts';
import type { Tokens } from './tokens.ts';

/** Changes the tokens, and tells `changed` of each change once it is on the disk. */
export function createTokenDesk(tokens: Tokens, changed: (decision: AccessDecision) => Promise<void>): TokenDesk {
  return {
    list: () => tokens.list(),
    create: async (request, by) => {
      const made = await tokens.create(request);
      const { id, name, role, sources, expires } = made;
      const reason = `${by} asked for it`;
      await changed({ type: 'token.created', id, name, role, sources, expires, by, reason });
      return made;
    },
    rotate: async (id, overlapMs, by) => {
      const made = await tokens.rotate(id, overlapMs);
      const { id: replaces, expires } = made.replaces;
      const until = expires ?? made.created;
      await changed({ type: 'token.rotated', id: made.id, replaces, until, by, reason: `${by} asked for it` });
      return made;
    },
    revoke: async (id, by) => {
      const token = await tokens.revoke(id);
      await changed({ type: 'token.revoked', id, by, reason: `${by} asked for it` });
      return token;
    },
  };
}

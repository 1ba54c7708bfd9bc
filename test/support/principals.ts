import type { Access, Principal } from '../../src/pipeline/access.ts';

/** Who may do all, for ever. */
export const anyone: Principal = {
  name: 'anyone',
  token: null,
  role: 'admin',
  sources: null,
  expires: null,
  onEnd: () => () => undefined,
};

/** A hub of which no token was made. */
export const openAccess: Access = { anonymous: anyone, authenticate: () => anyone, failed: () => undefined };

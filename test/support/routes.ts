import { serverParts, type PartsOptions } from '../../src/server/parts.ts';
import type { Route } from '../../src/server/router.ts';
import { StreamTopics } from '../../src/server/stream-topics.ts';
import { someLimits } from './limits.ts';

/** Every route that a hub has, to be looked at and not to be called. */
export function allRoutes(): readonly Route[] {
  const parts = {
    access: { anonymous: null, authenticate: () => null, tokens: {}, sessions: {} },
    server: { topics: new StreamTopics() },
    limits: someLimits(),
  };
  return serverParts(parts as unknown as PartsOptions).routes;
}

import type { EventLog } from '../pipeline/event-log.ts';
import type { HttpIngest, WsIngest } from '../pipeline/ingest-ports.ts';
import type { EmailStatus, Statistics } from '../pipeline/statistics.ts';
import type { Subscriptions } from '../pipeline/subscriptions.ts';
import { healthRoutes } from './health-routes.ts';
import { ingestRoutes } from './ingest-routes.ts';
import { boundsOf, readRoutes } from './read-routes.ts';
import type { Server, ServerParts } from './server.ts';
import { staticRoutes } from './static-files.ts';
import { statsRoutes } from './stats-routes.ts';
import { webDirectory } from './web-directory.ts';

export interface PartsOptions {
  readonly log: EventLog;
  readonly http: HttpIngest;
  readonly ws: WsIngest;
  readonly subscriptions: Subscriptions;
  readonly statistics: Statistics;
  readonly emailStatus: () => EmailStatus;
  readonly server: Server;
  readonly version: string;
}

/** Everything that the server answers with. */
export function serverParts(options: PartsOptions): ServerParts {
  const { log, http, ws, subscriptions, server, version } = options;
  const clock = Date.now;
  return {
    routes: [
      ...ingestRoutes(http),
      ...readRoutes({ log, subscriptions, topics: server.topics, clock }),
      ...statsRoutes({ ...options, clock }),
      ...healthRoutes(() => []),
      ...staticRoutes(webDirectory()),
    ],
    webSocket: { ingest: ws, subscriptions, bounds: () => boundsOf({ log, subscriptions }), version, clock },
  };
}

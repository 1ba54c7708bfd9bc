import type { Limits } from '../limits/limits.ts';
import type { Alerting } from '../pipeline/alerting/alerting.ts';
import type { RedactEvent } from '../pipeline/alerting/redact-event.ts';
import type { TestMail } from '../pipeline/alerting/test-mail.ts';
import type { EventLog } from '../pipeline/event-log.ts';
import type { HttpIngest, LineIngest, WsIngest } from '../pipeline/ingest-ports.ts';
import type { EmailStatus, Statistics } from '../pipeline/statistics.ts';
import type { Subscriptions } from '../pipeline/subscriptions.ts';
import { alertingRoutes } from './alerting-routes.ts';
import { healthRoutes, type Troubles } from './health-routes.ts';
import { ingestRoutes } from './ingest-routes.ts';
import { inTurns } from './in-turns.ts';
import { metricsRoute } from './metrics-route.ts';
import { boundsOf, createReadRecord, readRoutes } from './read-routes.ts';
import { redactRoute } from './redact-route.ts';
import type { Server, ServerParts } from './server.ts';
import { subscriberRoutes } from './subscriber-routes.ts';
import { staticRoutes } from './static-files.ts';
import { statsRoutes } from './stats-routes.ts';
import { testMailRoute } from './test-mail-route.ts';
import { webDirectory } from './web-directory.ts';

export interface PartsOptions {
  readonly log: EventLog;
  readonly http: HttpIngest;
  readonly ws: WsIngest;
  readonly imports: LineIngest;
  readonly subscriptions: Subscriptions;
  readonly statistics: Statistics;
  readonly alerting: Alerting;
  readonly sendTest: TestMail;
  readonly redactEvent: RedactEvent;
  readonly emailStatus: () => EmailStatus;
  readonly server: Server;
  readonly limits: Limits;
  readonly troubles: Troubles;
  readonly version: string;
}

/** Everything that the server answers with. */
export function serverParts(options: PartsOptions): ServerParts {
  const { log, http, ws, imports, subscriptions, alerting, sendTest, redactEvent, server, limits, version } = options;
  const clock = Date.now;
  const readRecord = createReadRecord(options);
  return {
    routes: [
      ...ingestRoutes(http, imports, limits),
      ...inTurns(readRoutes({ log, subscriptions, topics: server.topics, limits, readRecord, clock }), limits),
      ...alertingRoutes({ log, alerting, readRecord }),
      redactRoute({ readRecord, redactEvent }),
      testMailRoute({ sendTest, clock }),
      ...subscriberRoutes(subscriptions),
      ...inTurns(statsRoutes({ ...options, clock }), limits),
      ...healthRoutes(options.troubles),
      metricsRoute(limits),
      ...staticRoutes(webDirectory()),
    ],
    webSocket: { ingest: ws, subscriptions, bounds: () => boundsOf({ log, subscriptions }), version, clock },
  };
}

import type { Limits } from '../limits/limits.ts';
import type { Access } from '../pipeline/access.ts';
import type { SessionDesk, TokenDesk } from '../pipeline/access-desks.ts';
import type { Alerting } from '../pipeline/alerting/alerting.ts';
import type { RedactEvent } from '../pipeline/alerting/redact-event.ts';
import type { TestMail } from '../pipeline/alerting/test-mail.ts';
import type { EventLog } from '../pipeline/event-log.ts';
import type { ConditionedLog } from '../pipeline/log-condition.ts';
import type { HttpIngest, LineIngest, WsIngest } from '../pipeline/ingest-ports.ts';
import type { EmailStatus, Statistics } from '../pipeline/statistics.ts';
import type { Subscriptions } from '../pipeline/subscriptions.ts';
import { createAdmission } from './admission.ts';
import { alertingRoutes } from './alerting-routes.ts';
import { healthRoutes, type Troubles } from './health-routes.ts';
import { ingestRoutes } from './ingest-routes.ts';
import { inTurns } from './in-turns.ts';
import { metricsRoute, type CountedFailures } from './metrics-route.ts';
import { boundsOf, createReadRecord, readRoutes } from './read-routes.ts';
import { redactRoute } from './redact-route.ts';
import type { Server, ServerParts } from './server.ts';
import { subscriberRoutes } from './subscriber-routes.ts';
import { staticRoutes } from './static-files.ts';
import { sessionRoutes } from './session-routes.ts';
import { statsRoutes } from './stats-routes.ts';
import { testMailRoute } from './test-mail-route.ts';
import { tokenRoutes } from './token-routes.ts';
import { webDirectory } from './web-directory.ts';

export interface PartsOptions {
  readonly access: Access & CountedFailures & { readonly tokens: TokenDesk; readonly sessions: SessionDesk };
  readonly log: EventLog & ConditionedLog;
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
  /** Whether people reach the dashboard over TLS, and its cookies are for that alone. */
  readonly isSecure: boolean;
  readonly troubles: Troubles;
  readonly version: string;
}

/** Everything that the server answers with. */
export function serverParts(options: PartsOptions): ServerParts {
  const { access, log, http, ws, imports, subscriptions, alerting, sendTest, redactEvent, server, limits, version } =
    options;
  const clock = Date.now;
  const { tokens, sessions } = access;
  const admission = createAdmission({ access, sessions, limits, clock });
  const readRecord = createReadRecord(options);
  return {
    routes: [
      ...ingestRoutes(http, imports, limits),
      ...inTurns(readRoutes({ log, subscriptions, topics: server.topics, limits, readRecord, clock }), limits),
      ...alertingRoutes({ log, alerting, readRecord }),
      redactRoute({ readRecord, redactEvent }),
      testMailRoute({ sendTest, clock }),
      ...sessionRoutes({ access, sessions, admission, limits, isSecure: options.isSecure, clock }),
      ...tokenRoutes({ tokens, clock }),
      ...subscriberRoutes(subscriptions),
      ...inTurns(statsRoutes({ ...options, clock }), limits),
      ...healthRoutes(options.troubles, log),
      metricsRoute({ limits, log, access }),
      ...staticRoutes(webDirectory()),
    ],
    admission,
    webSocket: { ingest: ws, subscriptions, bounds: () => boundsOf({ log, subscriptions }), version, clock },
  };
}

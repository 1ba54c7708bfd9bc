import { connectable, lastValueFrom, merge, Subject } from 'rxjs';
import type { Config } from './config/config.ts';
import { routesOf } from './config/routes.ts';
import { isReachedOverTls, localUrlOf, publicUrlOf } from './config/urls.ts';
import { Limits } from './limits/limits.ts';
import type { Logger } from './logger.ts';
import { DecisionSource } from './pipeline/alerting/decision-source.ts';
import { createRedactEvent } from './pipeline/alerting/redact-event.ts';
import { appendTo } from './pipeline/append.ts';
import { BoundedBacklog } from './pipeline/backlog.ts';
import { ingest } from './pipeline/ingest.ts';
import { LogWatch } from './pipeline/log-watch.ts';
import { readEventsAt } from './pipeline/read-events.ts';
import type { LogRecord } from './pipeline/record.ts';
import { Retention } from './pipeline/retention.ts';
import { supervised } from './pipeline/supervise.ts';
import { serverParts } from './server/parts.ts';
import { Server } from './server/server.ts';
import { Broadcast } from './sinks/broadcast/broadcast.ts';
import { createEmailSink } from './sinks/email/email-sink.ts';
import { LiveStatistics } from './sinks/statistics.ts';
import { createSources } from './sources/registry.ts';
import { checkBeforeStart } from './start/checks.ts';
import { openDataDirectory } from './start/data-directory.ts';
import { logNotices, troubleNotices } from './start/notices.ts';
import { removeRunFile, writeRunFile } from './start/run-file.ts';
import { CertificateWatch } from './tls/certificate-watch.ts';
import { version } from './version.ts';

export interface Hub {
  /** URL of the dashboard and the API. */
  readonly http: string;
  /** `host:port`, or `tls://host:port`. */
  readonly tcp: string;
  /** Takes no more input, commits and answers what it has, ends every connection and closes the log. */
  stop(): Promise<void>;
  /** Takes the certificates anew from their files; a wrong one is logged, and the one before goes on. */
  reload(): void;
  /** Rejects when the hub cannot go on. */
  readonly failed: Promise<never>;
}

/** Starts a hub: what the sources emit is merged, appended to the log in batches, and what was recorded flows to the
 *  sinks. What alerting decides takes the same way into the log, and mails are sent from what is there. Resolves when
 *  every port is open. Rejects, with a message for people and nothing left open, when the log or a port cannot be had. */
// eslint-disable-next-line max-lines-per-function -- the whole story, in order, is what this function is for
export async function createHub(config: Config, logger: Logger, clock: () => number = Date.now): Promise<Hub> {
  checkBeforeStart(config);
  const reportFailure = (error: unknown) => logger.error({ err: error }, 'a part of the hub has failed and goes on');
  const decisions = new DecisionSource();
  const warn = (message: string) => logger.warn(message);
  const data = await openDataDirectory({ config, decisions, clock, reportFailure, warn });
  const { log, index, access, alerting } = data;

  // In: producers reach the sources, some of them through the server.
  const backlog = new BoundedBacklog();
  const limits = new Limits({ settings: config.limits, trustedProxies: config.trustedProxies });
  const server = new Server({ ...config.http, publicUrl: config.publicUrl, limits, reportFailure });
  const sources = createSources(config, { backlog, limits, access });

  // Out: a new sink is its file and its place in this list.
  const { maxMemory } = config.subscribers;
  const broadcast = new Broadcast({ log, publish: server.publish, maxMemory, wallClock: clock, reportFailure });
  const statistics = new LiveStatistics({ log, index, counter: log, reportFailure });
  const sinks = [broadcast.sink, statistics.sink, alerting.sink];
  // Mails are no sink of the stream: what alerting has put into the log is what is sent.
  const email = createEmailSink({
    settings: config.email,
    outbox: alerting,
    readEvents: (positions) => readEventsAt(log, positions),
    epoch: log.epoch,
    publicUrl: () => publicUrlOf(config, server.port),
    clock,
    reportFailure,
  });

  // The way of an event.
  const stopping$ = new Subject<void>();
  const incoming$ = merge(decisions.open(), ingest(sources.all, stopping$));
  const recorded$ = connectable(incoming$.pipe(appendTo(log, backlog)), {
    connector: () => new Subject<readonly LogRecord[]>(),
    resetOnDisconnect: false,
  });
  const outputs = sinks.map((sink) => supervised(sink, recorded$, reportFailure));
  const drained = Promise.all(
    [recorded$, ...outputs].map((stream$) => lastValueFrom(stream$, { defaultValue: undefined })),
  );
  const failed = drained.then(() => new Promise<never>(() => undefined));
  // Whoever starts the hub may look at it later, or not at all.
  failed.catch(() => undefined);

  // Beside it: what looks after the log and the certificates.
  const watch = new LogWatch({ log, append: decisions.append, ...troubleNotices(logger) });
  const { retention: settings } = config;
  const retention = new Retention({ settings, log, index, alerting, broadcast, clock, reportFailure });
  const certificates = new CertificateWatch([server, ...sources.listening], logger, clock);

  const start = async () => {
    recorded$.connect();
    await alerting.configure();
    if (config.adminToken !== undefined) await access.give(config.adminToken);
    const isMailed = routesOf(config).length > 0;
    const parts = serverParts({
      ...sources.served,
      ...data,
      redactEvent: createRedactEvent({ log, alerting, append: decisions.append }),
      subscriptions: broadcast,
      statistics,
      emailStatus: () => ({ state: isMailed ? email.status().state : 'off', ...alerting.counts }),
      sendTest: (to) => email.sendTest(to),
      server,
      limits,
      isSecure: isReachedOverTls(config),
      troubles: () => watch.troubles,
      version,
    });
    const http = localUrlOf(config, server.listen(parts));
    const [tcp = ''] = await Promise.race([Promise.all(sources.listening.map((source) => source.listening())), failed]);
    email.start();
    await watch.start();
    retention.start();
    certificates.start();
    logNotices(config, logger);
    writeRunFile(config, { http, tcp, token: access.localToken });
    logger.info({ http, tcp, epoch: log.epoch, head: log.head }, 'ready');
    return { http, tcp };
  };

  const stop = async () => {
    certificates.stop();
    server.stopListening();
    stopping$.next();
    watch.stop();
    // Mails on their way get their time, and what became of them gets into the log, before it takes nothing more.
    alerting.stop();
    await email.stop();
    decisions.end();
    // Why an input failed is said by whoever waits for `failed`, or for the start.
    await drained.catch(() => undefined);
    await Promise.all(sources.all.map((source) => source.closed()));
    await server.close();
    await retention.stop();
    await data.close();
    removeRunFile(config);
  };

  try {
    return { ...(await start()), stop, reload: () => certificates.reload(), failed };
  } catch (error) {
    await stop();
    throw error;
  }
}

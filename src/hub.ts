import path from 'node:path';
import { connectable, lastValueFrom, merge, Subject, type Observable } from 'rxjs';
import { HubAccess } from './access/access.ts';
import { createAccessLog } from './access/access-log.ts';
import { hasTokens } from './access/tokens.ts';
import { lookAtCertificate } from './tls/certificate.ts';
import { CertificateWatch } from './tls/certificate-watch.ts';
import type { Config } from './config/config.ts';
import { routesOf } from './config/routes.ts';
import { Limits } from './limits/limits.ts';
import type { Logger } from './logger.ts';
import { Alerting } from './pipeline/alerting/alerting.ts';
import { DecisionSource } from './pipeline/alerting/decision-source.ts';
import { createRedactEvent } from './pipeline/alerting/redact-event.ts';
import { appendTo } from './pipeline/append.ts';
import { BoundedBacklog } from './pipeline/backlog.ts';
import { ingest } from './pipeline/ingest.ts';
import { LogWatch } from './pipeline/log-watch.ts';
import type { LogRecord } from './pipeline/record.ts';
import { readEventsAt } from './pipeline/read-events.ts';
import { Retention } from './pipeline/retention.ts';
import { supervised } from './pipeline/supervise.ts';
import { refuseOpenDoors } from './start/open-doors.ts';
import { logNotices } from './start/notices.ts';
import { removeRunFile, writeRunFile, type RunFile } from './start/run-file.ts';
import { serverParts } from './server/parts.ts';
import { Server } from './server/server.ts';
import { Broadcast } from './sinks/broadcast/broadcast.ts';
import { createEmailSink } from './sinks/email/email-sink.ts';
import { openSqliteLog, type SqliteLogOptions } from './sinks/sqlite/sqlite-log.ts';
import { openSqliteStatistics } from './sinks/sqlite/sqlite-statistics.ts';
import { LiveStatistics } from './sinks/statistics.ts';
import { createHttpSource } from './sources/http.ts';
import { createImportSource } from './sources/import.ts';
import { createSources } from './sources/registry.ts';
import { createWsSource } from './sources/ws.ts';
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
  refuseOpenDoors(config, hasTokens(config.dataDir));
  if (config.http.tls !== undefined) lookAtCertificate('http.tls', config.http.tls);
  if (config.tcp.tls !== undefined) lookAtCertificate('tcp.tls', config.tcp.tls);
  const reportFailure = (error: unknown) => {
    logger.error({ err: error }, 'a part of the hub has failed and goes on');
  };
  const log = await openLog({ dataDir: config.dataDir, clock, reportFailure });
  const decisions = new DecisionSource();
  const record = createAccessLog(decisions, reportFailure);
  const access = await HubAccess.open({ dataDir: config.dataDir, clock, record, reportFailure }).catch(
    async (error: unknown) => {
      await log.close();
      throw error;
    },
  );
  const backlog = new BoundedBacklog();
  const scheme = config.http.tls === undefined ? 'http' : 'https';
  const limits = new Limits({ settings: config.limits, trustedProxies: config.trustedProxies });
  const server = new Server({ ...config.http, publicUrl: config.publicUrl, limits, reportFailure });

  const http = createHttpSource(backlog);
  const ws = createWsSource(backlog);
  const imports = createImportSource(backlog);
  const listening = createSources(config, { backlog, limits, access });
  const sources = [http, ws, imports, ...listening];
  const certificates = new CertificateWatch(
    [server.certificate, ...listening.map(({ certificate }) => certificate)],
    logger,
    clock,
  );

  const broadcast = new Broadcast({
    log,
    publish: server.publish,
    maxMemory: config.subscribers.maxMemory,
    wallClock: clock,
    reportFailure,
  });
  const index = openSqliteStatistics({ dataDir: config.dataDir, epoch: log.epoch });
  const statistics = new LiveStatistics({ log, index, counter: log, reportFailure });
  const watch = new LogWatch({
    log,
    append: (items) => decisions.append(items),
    report: (trouble) => {
      reportTrouble(logger, trouble);
    },
    warn: (message) => {
      logger.warn(message);
    },
  });
  const restored = Alerting.restore({ log, decisions, routes: routesOf(config), clock, reportFailure });
  const alerting = await restored.catch(async (error: unknown) => {
    await access.close();
    await index.close();
    await log.close();
    throw error;
  });
  const redactEvent = createRedactEvent({ log, alerting, append: (items) => decisions.append(items) });
  const retention = new Retention({
    settings: config.retention,
    log,
    index,
    mayRemoveThrough: () => Math.min(alerting.claims.savedThrough, broadcast.published),
    untold: () => alerting.claims.untold,
    clock,
    reportFailure,
  });
  const email = createEmailSink({
    settings: config.email,
    outbox: alerting,
    readEvents: (positions) => readEventsAt(log, positions),
    epoch: log.epoch,
    publicUrl: () => config.publicUrl ?? `${scheme}://localhost:${String(server.port)}`,
    clock,
    reportFailure,
  });
  const sinks = [broadcast.sink, statistics.sink, alerting.sink];

  const stopping$ = new Subject<void>();
  const incoming$ = merge(decisions.open(), ingest(sources, stopping$));
  const recorded$ = connectable(incoming$.pipe(appendTo(log, backlog)), {
    connector: () => new Subject<readonly LogRecord[]>(),
    resetOnDisconnect: false,
  });
  const drained = Promise.all([
    completionOf(recorded$),
    ...sinks.map((sink) => completionOf(supervised(sink, recorded$, reportFailure))),
  ]);
  const failed = drained.then(() => new Promise<never>(() => undefined));
  // Whoever starts the hub may look at it later, or not at all.
  failed.catch(() => undefined);

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
    await Promise.all(sources.map((source) => source.closed()));
    await server.close();
    await retention.stop();
    await alerting.close();
    await access.close();
    await index.close();
    await log.close();
    removeRunFile(config.dataDir);
  };

  try {
    recorded$.connect();
    await alerting.configure();
    if (config.adminToken !== undefined) await access.give(config.adminToken);
    const isMailed = routesOf(config).length > 0;
    const emailStatus = () => ({ state: isMailed ? email.status().state : 'off', ...alerting.counts }) as const;
    const troubles = () => watch.troubles;
    const parts = {
      troubles,
      access,
      log,
      http,
      ws,
      imports,
      redactEvent,
      subscriptions: broadcast,
      statistics,
      alerting,
      emailStatus,
      server,
      limits,
      isSecure: (config.publicUrl ?? scheme).startsWith('https'),
      version,
    };
    const port = server.listen(serverParts({ ...parts, sendTest: (to) => email.sendTest(to) }));
    const [tcp = ''] = await Promise.race([Promise.all(listening.map((source) => source.listening())), failed]);
    const url = `${scheme}://${urlHost(config.http.host)}:${String(port)}`;
    email.start();
    await watch.start();
    retention.start();
    certificates.start();
    logNotices(config, logger);
    const token = access.localToken;
    writeRunFile(config.dataDir, { pid: process.pid, http: url, tcp, version, token, ...certificatesOf(config) });
    logger.info({ http: url, tcp, epoch: log.epoch, head: log.head }, 'ready');
    const reload = () => {
      certificates.reload();
    };
    return { http: url, tcp, stop, reload, failed };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openLog(options: SqliteLogOptions): ReturnType<typeof openSqliteLog> {
  try {
    return await openSqliteLog(options);
  } catch (error) {
    throw new Error(`${(error as Error).message} (dataDir, HUB_DATA_DIR: ${options.dataDir})`, { cause: error });
  }
}

/** By what the commands of this machine know the hub. */
function certificatesOf({ http, tcp }: Config): Pick<RunFile, 'ca' | 'tcpNeedsCertificate'> {
  const files = [http.tls?.certFile, tcp.tls?.certFile].filter((file) => file !== undefined);
  if (files.length === 0) return {};
  return {
    ca: [...new Set(files.map((file) => path.resolve(file)))],
    ...(tcp.tls?.clientCaFile === undefined ? {} : { tcpNeedsCertificate: true as const }),
  };
}

function reportTrouble(logger: Logger, trouble: string | null): void {
  if (trouble === null) logger.info('the log takes events again');
  else logger.error({ reason: trouble }, 'the log takes no events; what it holds can be read');
}

function completionOf(stream$: Observable<unknown>): Promise<unknown> {
  return lastValueFrom(stream$, { defaultValue: undefined });
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

import { connectable, lastValueFrom, Subject, type Observable } from 'rxjs';
import type { Config } from './config.ts';
import type { Logger } from './logger.ts';
import { appendTo } from './pipeline/append.ts';
import { BoundedBacklog } from './pipeline/backlog.ts';
import { ingest } from './pipeline/ingest.ts';
import type { LogRecord } from './pipeline/record.ts';
import type { EmailStatus } from './pipeline/statistics.ts';
import { supervised } from './pipeline/supervise.ts';
import { refuseOpenDoors } from './protected-mode.ts';
import { removeRunFile, writeRunFile } from './run-file.ts';
import { serverParts } from './server/parts.ts';
import { Server } from './server/server.ts';
import { Broadcast } from './sinks/broadcast/broadcast.ts';
import { openSqliteLog } from './sinks/sqlite/sqlite-log.ts';
import { openSqliteStatistics } from './sinks/sqlite/sqlite-statistics.ts';
import { LiveStatistics } from './sinks/statistics.ts';
import { createHttpSource } from './sources/http.ts';
import { createSources } from './sources/registry.ts';
import { createWsSource } from './sources/ws.ts';
import { version } from './version.ts';

export interface Hub {
  /** URL of the dashboard and the API. */
  readonly http: string;
  /** `host:port`. */
  readonly tcp: string;
  /** Takes no more input, commits and answers what it has, ends every connection and closes the log. */
  stop(): Promise<void>;
  /** Rejects when the hub cannot go on. */
  readonly failed: Promise<never>;
}

/** Starts a hub: what the sources emit is merged, appended to the log in batches, and what was recorded flows to the
 *  sinks. Resolves when every port is open. Rejects, with a message for people and nothing left open, when the log or a port
 *  cannot be had. */
// eslint-disable-next-line max-lines-per-function -- the whole story, in order, is what this function is for
export async function createHub(config: Config, logger: Logger): Promise<Hub> {
  refuseOpenDoors(config);
  const reportFailure = (error: unknown) => {
    logger.error({ err: error }, 'a part of the hub has failed and goes on');
  };
  const log = await openLog(config.dataDir);
  const backlog = new BoundedBacklog();
  const server = new Server({ ...config.http, publicUrl: config.publicUrl, reportFailure });

  const http = createHttpSource(backlog);
  const ws = createWsSource(backlog);
  const listening = createSources(config, backlog);
  const sources = [http, ws, ...listening];

  const broadcast = new Broadcast({
    log,
    publish: server.publish,
    maxMemory: config.subscribers.maxMemory,
    reportFailure,
  });
  const index = openSqliteStatistics({ dataDir: config.dataDir, epoch: log.epoch });
  const statistics = new LiveStatistics({ log, index, counter: log, reportFailure });
  const sinks = [broadcast.sink, statistics.sink];

  const stopping$ = new Subject<void>();
  const recorded$ = connectable(ingest(sources, stopping$).pipe(appendTo(log, backlog)), {
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
    server.stopListening();
    stopping$.next();
    // Why an input failed is said by whoever waits for `failed`, or for the start.
    await drained.catch(() => undefined);
    await Promise.all(sources.map((source) => source.closed()));
    await server.close();
    await index.close();
    await log.close();
    removeRunFile(config.dataDir);
  };

  try {
    recorded$.connect();
    const port = await server.listen(
      serverParts({ log, http, ws, subscriptions: broadcast, statistics, emailStatus, server, version }),
    );
    const [tcp = ''] = await Promise.race([Promise.all(listening.map((source) => source.listening())), failed]);
    const url = `http://${urlHost(config.http.host)}:${String(port)}`;
    writeRunFile(config.dataDir, { pid: process.pid, http: url, tcp, version });
    logger.info({ http: url, tcp, epoch: log.epoch, head: log.head }, 'ready');
    return { http: url, tcp, stop, failed };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openLog(dataDir: string): ReturnType<typeof openSqliteLog> {
  try {
    return await openSqliteLog({ dataDir });
  } catch (error) {
    throw new Error(`${(error as Error).message} (dataDir, HUB_DATA_DIR: ${dataDir})`, { cause: error });
  }
}

/** No mail is set up yet. */
function emailStatus(): EmailStatus {
  return { state: 'off', sent: 0, pending: 0, dead: 0 };
}

function completionOf(stream$: Observable<unknown>): Promise<unknown> {
  return lastValueFrom(stream$, { defaultValue: undefined });
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

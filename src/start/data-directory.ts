import { HubAccess } from '../access/access.ts';
import { createAccessLog } from '../access/access-log.ts';
import type { Config } from '../config/config.ts';
import { routesOf } from '../config/routes.ts';
import { Alerting } from '../pipeline/alerting/alerting.ts';
import type { DecisionSource } from '../pipeline/alerting/decision-source.ts';
import type { StatisticsIndex } from '../pipeline/statistics.ts';
import { openSqliteLog, type SqliteLogOptions } from '../sinks/sqlite/sqlite-log.ts';
import { openSqliteStatistics } from '../sinks/sqlite/sqlite-statistics.ts';

export interface DataDirectoryOptions {
  readonly config: Config;
  /** The way into the log for what is decided about mails and about who is let in. */
  readonly decisions: DecisionSource;
  readonly clock: () => number;
  readonly reportFailure: (error: unknown) => void;
  /** Into the hub's own log. */
  readonly warn: (message: string) => void;
}

/** What a hub finds again after a restart. */
export interface DataDirectory {
  readonly log: Awaited<ReturnType<typeof openSqliteLog>>;
  /** Counts over time, made from the log. */
  readonly index: StatisticsIndex;
  readonly access: HubAccess;
  /** With the state that the log's records come to. */
  readonly alerting: Alerting;
  /** Keeps all of it for the next start; the log is closed last. */
  close(): Promise<void>;
}

/** Opens what the data directory holds, making what is not there. Rejects, with a message for people and nothing left open,
 *  when a part cannot be had. */
export async function openDataDirectory(options: DataDirectoryOptions): Promise<DataDirectory> {
  const { config, decisions, clock, reportFailure, warn } = options;
  const { dataDir } = config;
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => {
    for (const part of opened.toReversed()) await part.close();
  };
  try {
    const log = await openLog({ dataDir, clock, reportFailure });
    opened.push(log);
    const index = openSqliteStatistics({ dataDir, epoch: log.epoch });
    opened.push(index);
    const record = createAccessLog(decisions, reportFailure);
    const access = await HubAccess.open({ dataDir, clock, record, reportFailure, warn });
    opened.push(access);
    const alerting = await Alerting.restore({ log, decisions, routes: routesOf(config), clock, reportFailure });
    opened.push(alerting);
    return { log, index, access, alerting, close };
  } catch (error) {
    await close();
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

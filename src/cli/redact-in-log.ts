import type { RedactionAnswer } from '../client/redaction.ts';
import { Alerting } from '../pipeline/alerting/alerting.ts';
import { DecisionSource } from '../pipeline/alerting/decision-source.ts';
import { createRedactEvent } from '../pipeline/alerting/redact-event.ts';
import type { Position } from '../pipeline/event.ts';
import { hasLog } from '../sinks/sqlite/log-file.ts';
import { settleRestore } from '../sinks/sqlite/restored-file.ts';
import { openSqliteLog } from '../sinks/sqlite/sqlite-log.ts';
import { appendAll } from './append-all.ts';

/** Blanks an event's content in a log that no hub holds. Rejects, with a message for people, when there is none. */
export async function redactInLog(
  dataDir: string,
  position: Position,
  on: { readonly by: string; readonly reason?: string },
): Promise<RedactionAnswer> {
  settleRestore(dataDir);
  if (!hasLog(dataDir)) throw new Error(`there is no log in ${dataDir}, and no hub is running on it`);
  const log = await openSqliteLog({ dataDir, readers: 1 });
  try {
    const alerting = await Alerting.restore({
      log,
      decisions: new DecisionSource(),
      routes: [],
      clock: Date.now,
      reportFailure: () => undefined,
    });
    const redactEvent = createRedactEvent({ log, alerting, append: (items) => appendAll(log, items) });
    const { wasBlank, isErased } = await redactEvent(position, on);
    return { position, ...(wasBlank ? { duplicate: true } : {}), erased: isErased };
  } finally {
    await log.close();
  }
}

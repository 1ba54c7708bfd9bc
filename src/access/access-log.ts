import type { AccessDecision } from '../pipeline/access-decision.ts';
import { insistently } from '../pipeline/alerting/insistently.ts';
import type { AppendItem } from '../pipeline/event-log.ts';

export interface AccessLogOptions {
  /** Rejects when the log may not have taken the items. */
  readonly append: (items: readonly AppendItem[]) => Promise<void>;
  readonly isStopping: () => boolean;
  readonly reportFailure: (error: unknown) => void;
}

const retryMs = 1_000;

/** Puts changes about who is let in into the log. A log that cannot take one now holds up nobody, least of all who revokes a
 *  token: it is tried again until the hub stops. */
export function createAccessLog(options: AccessLogOptions): (decision: AccessDecision) => Promise<void> {
  const { append, isStopping: isGivenUp, reportFailure } = options;
  return async (decision) => {
    const attempt = () => append([{ decision }]);
    await attempt().catch((error: unknown) => {
      reportFailure(error);
      insistently(attempt, { isGivenUp, reportFailure, retryMs }).catch(reportFailure);
    });
  };
}

import type { AccessDecision } from '../pipeline/access-decision.ts';
import type { DecisionSource } from '../pipeline/alerting/decision-source.ts';
import { insistently } from '../pipeline/alerting/insistently.ts';

const retryMs = 1_000;

/** Puts changes about who is let in into the log. A log that cannot take one now holds up nobody, least of all who revokes a
 *  token: it is tried again until the hub stops. */
export function createAccessLog(
  decisions: Pick<DecisionSource, 'append' | 'isEnded'>,
  reportFailure: (error: unknown) => void,
): (decision: AccessDecision) => Promise<void> {
  const insistence = { isGivenUp: () => decisions.isEnded, reportFailure, retryMs };
  return async (decision) => {
    const attempt = () => decisions.append([{ decision }]);
    await attempt().catch((error: unknown) => {
      reportFailure(error);
      insistently(attempt, insistence).catch(reportFailure);
    });
  };
}

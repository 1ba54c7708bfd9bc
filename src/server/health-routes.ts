import type { ConditionedLog } from '../pipeline/log-condition.ts';
import type { Route } from './router.ts';

/** Why the hub cannot do its work right now; empty when it can. */
export type Troubles = () => readonly string[];

/** `/healthz` says that the process answers, and how the log is; `/readyz` whether it can take and show events. */
export function healthRoutes(troubles: Troubles, log: ConditionedLog): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      needs: 'open',
      handle: (exchange) => {
        const { state, trouble, walBytes, checkpointsBusy } = log.condition;
        exchange.json(200, JSON.stringify({ ok: true, log: { state, reason: trouble, walBytes, checkpointsBusy } }));
      },
    },
    {
      method: 'GET',
      path: '/readyz',
      needs: 'open',
      handle: (exchange) => {
        const reasons = troubles();
        exchange.json(reasons.length === 0 ? 200 : 503, JSON.stringify({ ok: reasons.length === 0, reasons }));
      },
    },
  ];
}

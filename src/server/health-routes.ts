import type { Route } from './router.ts';

/** Why the hub cannot do its work right now; empty when it can. */
export type Troubles = () => readonly string[];

/** `/healthz` says that the process answers, `/readyz` whether it can take and show events. */
export function healthRoutes(troubles: Troubles): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      needs: 'open',
      handle: (exchange) => {
        exchange.json(200, '{"ok":true}');
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

import type { Subscriptions } from '../pipeline/subscriptions.ts';
import { readParameters } from './parameters.ts';
import type { Route } from './router.ts';

/** Who reads, and how far each one has come. */
export function subscriberRoutes(subscriptions: Pick<Subscriptions, 'list'>): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/subscribers',
      needs: 'read',
      handle: (exchange) => {
        readParameters(exchange.queryText, []);
        exchange.json(200, JSON.stringify(subscriptions.list()));
      },
    },
  ];
}

import { RefusedError } from '../pipeline/codes.ts';
import type { EventLog } from '../pipeline/event-log.ts';
import type { Alerting } from '../pipeline/alerting/alerting.ts';
import type { Notification } from '../pipeline/alerting/state.ts';
import { traceOf } from '../pipeline/alerting/trace.ts';
import { parseRecord } from '../pipeline/record.ts';
import { readParameters } from './parameters.ts';
import type { ReadRecord } from './read-routes.ts';
import type { Route } from './router.ts';
import { subjectLine } from '../pipeline/alerting/subject-line.ts';

export interface AlertingRoutesOptions {
  readonly log: EventLog;
  readonly alerting: Alerting;
  readonly readRecord: ReadRecord;
}

const states: readonly Notification['state'][] = ['pending', 'sent', 'dead'];

/** What the hub has decided: the mails, and why each event was mailed or not. */
export function alertingRoutes({ log, alerting, readRecord }: AlertingRoutesOptions): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/notifications',
      handle: (exchange) => {
        const { state } = readParameters(exchange.queryText, ['state']);
        exchange.json(200, JSON.stringify(alerting.notifications(readState(state)).map(shown)));
      },
    },
    {
      method: 'GET',
      path: '/api/events/:position/trace',
      handle: async (exchange, [position]) => {
        readParameters(exchange.queryText, []);
        const record = await readRecord(position ?? '');
        const value = parseRecord(record);
        const decisions = value.type === 'event' ? await traceOf(value, log) : [];
        const list = decisions.map(({ json }) => json).join(',');
        exchange.json(200, `{"event":${record.json},"decisions":[${list}]}`);
      },
    },
  ];
}

function readState(text: string | undefined): Notification['state'] | undefined {
  const state = states.find((known) => known === text);
  if (text !== undefined && state === undefined) {
    throw new RefusedError('invalid_request', `state: must be pending, sent or dead; got ${JSON.stringify(text)}`);
  }
  return state;
}

function shown({ id, to, queued, state, attempts, nextAttempt, reply }: Notification): object {
  return {
    id,
    state,
    route: queued.route,
    to,
    subject: subjectLine(queued),
    events: queued.events,
    attempts,
    nextAttempt: state === 'pending' ? new Date(nextAttempt).toISOString() : null,
    reply,
  };
}

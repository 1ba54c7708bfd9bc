import type { Alerting } from '../pipeline/alerting/alerting.ts';
import type { Notification } from '../pipeline/alerting/state.ts';
import { subjectLine } from '../pipeline/alerting/subject-line.ts';
import { traceOf } from '../pipeline/alerting/trace.ts';
import { RefusedError } from '../pipeline/codes.ts';
import type { EventLog } from '../pipeline/event-log.ts';
import { shown } from '../pipeline/field-error.ts';
import { parseRecord } from '../pipeline/record.ts';
import type { Exchange } from './exchange.ts';
import { readParameters } from './parameters.ts';
import type { ReadRecord } from './read-routes.ts';
import type { Route } from './router.ts';

export interface AlertingRoutesOptions {
  readonly log: EventLog;
  readonly alerting: Alerting;
  readonly readRecord: ReadRecord;
}

const states: readonly Notification['state'][] = ['pending', 'sent', 'dead'];

/** What the hub has decided: the mails, and why each event was mailed or not. */
export function alertingRoutes(options: AlertingRoutesOptions): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/notifications',
      needs: 'read',
      handle: (exchange) => {
        const { state } = readParameters(exchange.queryText, ['state']);
        const wanted = state === undefined ? states : [readState(state)];
        const notifications = options.alerting.notifications().filter((each) => wanted.includes(each.state));
        exchange.json(200, JSON.stringify(notifications.map(answered)));
      },
    },
    {
      method: 'GET',
      path: '/api/events/:position/trace',
      needs: 'read',
      handle: (exchange, [position]) => answerTrace(exchange, position ?? '', options),
    },
  ];
}

async function answerTrace(
  exchange: Exchange,
  position: string,
  { log, readRecord }: AlertingRoutesOptions,
): Promise<void> {
  readParameters(exchange.queryText, []);
  const record = await readRecord(position);
  const value = parseRecord(record);
  if (value.type !== 'event') {
    throw new RefusedError(
      'invalid_request',
      `position ${position} is a decision, ${value.type}; only events have a trace`,
    );
  }
  const decisions = await traceOf(value, log);
  exchange.json(200, `{"event":${record.json},"decisions":[${decisions.map(({ json }) => json).join(',')}]}`);
}

function readState(text: string): Notification['state'] {
  const state = states.find((known) => known === text);
  if (state === undefined) {
    throw new RefusedError('invalid_request', `state: must be one of ${states.join(', ')}; got ${shown(text)}`);
  }
  return state;
}

function answered({ id, to, queued, state, attempts, nextAttempt, reply }: Notification): object {
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

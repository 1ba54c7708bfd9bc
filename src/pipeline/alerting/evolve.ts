import type { RecordedEvent } from '../event.ts';
import { compileQuery } from '../query/evaluate.ts';
import { parseQuery } from '../query/parse.ts';
import type { RecordedDecision, RecordValue } from '../record.ts';
import type { Attempted, Route } from './decision.ts';
import { Held, rank } from './held.ts';
import { isAboutMail } from './hub-events.ts';
import { notificationId } from './notification-id.ts';
import type { ActiveRoute, AlertingState, Group, Notification } from './state.ts';

type Queued = Extract<RecordedDecision, { type: 'notification.queued' }>;

/** Ended notifications that stay in sight. All of them are in the log. */
const maxEnded = 1_000;

/** Folds the next record of the log into the state, in place. No clock and no input but the record: the same log always
 *  gives the same state, in a running hub, after a restart, and in a backtest. */
export function evolve(state: AlertingState, value: RecordValue): void {
  state.position = value.position;
  switch (value.type) {
    case 'event':
      hold(state, value);
      break;
    case 'alerting.configured':
      state.routes = activate(value.routes);
      break;
    case 'notification.queued':
      queue(state, value);
      break;
    case 'notification.deferred':
      attempted(state, value, 'pending', Date.parse(value.nextAttempt));
      break;
    case 'notification.sent':
      if (attempted(state, value, 'sent', 0)) state.sent += 1;
      break;
    case 'notification.dead':
      if (attempted(state, value, 'dead', 0)) state.dead += 1;
      break;
  }
}

export function activate(routes: readonly Route[]): readonly ActiveRoute[] {
  return routes.map((route) => ({ route, matches: compileQuery(parseQuery(route.match, 0)) }));
}

function hold(state: AlertingState, event: RecordedEvent): void {
  for (const { route, matches } of state.routes) {
    if (!matches(event) || isAboutMail(event)) continue;
    const group = groupFor(state, route.name, event.key);
    group.held ??= new Held(event.key, event.position);
    group.held.add(event);
    state.fresh.add(group);
  }
}

function groupFor(state: AlertingState, route: string, key: string): Group {
  const id = JSON.stringify([route, key]);
  let group = state.groups.get(id);
  if (group === undefined) {
    group = { id, route, key, held: null, decidedThrough: 0, queuedAt: 0, queuedRank: -1 };
    state.groups.set(id, group);
  }
  return group;
}

function queue(state: AlertingState, queued: Queued): void {
  const at = Date.parse(queued.receivedAt);
  for (const [index, to] of queued.to.entries()) {
    const id = notificationId(queued, index);
    state.notifications.set(id, {
      id,
      to,
      queued,
      queuedAt: at,
      state: 'pending',
      attempts: 0,
      nextAttempt: at,
      reply: '',
    });
  }
  for (const span of queued.spans) {
    const group = groupFor(state, queued.route, span.key);
    group.held = group.held?.after(span, queued.bySeverity) ?? null;
    group.decidedThrough = span.through;
    group.queuedRank = rank(queued.headline.severity);
    group.queuedAt = at;
    if (group.held !== null) state.fresh.add(group);
  }
}

/** Whether the notification was still pending. */
function attempted(
  state: AlertingState,
  decision: Attempted,
  outcome: Notification['state'],
  nextAttempt: number,
): boolean {
  const notification = state.notifications.get(decision.id);
  if (notification?.state !== 'pending') return false;
  notification.state = outcome;
  notification.attempts = decision.attempts;
  notification.nextAttempt = nextAttempt;
  notification.reply = decision.reply;
  if (outcome !== 'pending') endLast(state, notification);
  return true;
}

/** Moves it to the end and forgets the oldest that have ended. */
function endLast(state: AlertingState, notification: Notification): void {
  state.notifications.delete(notification.id);
  state.notifications.set(notification.id, notification);
  if (state.sent + state.dead < maxEnded) return;
  for (const [id, known] of state.notifications) {
    if (known.state === 'pending') continue;
    state.notifications.delete(id);
    return;
  }
}

import { isAboutAccess } from '../access-decision.ts';
import type { Position, RecordedEvent } from '../event.ts';
import { compileQuery } from '../query/evaluate.ts';
import { parseQuery } from '../query/parse.ts';
import type { RecordedDecision, RecordValue } from '../record.ts';
import { withoutQuote } from '../redaction.ts';
import type { Attempted, Route } from './decision.ts';
import { Held, rank } from './held.ts';
import { importChannel, isAboutMail } from './hub-events.ts';
import { notificationId } from './notification-id.ts';
import type { ActiveRoute, AlertingState, Group, Notification } from './state.ts';

type Queued = Extract<RecordedDecision, { type: 'notification.queued' }>;

/** Ended notifications that stay in sight. All of them are in the log. */
const maxEnded = 1_000;

/** Folds the next record of the log into the state, in place. No clock and no input but the record: the same log always
 *  gives the same state, in a running hub, after a restart, and in a backtest. */
export function evolve(state: AlertingState, value: RecordValue): void {
  state.position = value.position;
  if (isAboutAccess(value)) return;
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
      attempted(state, value, Date.parse(value.nextAttempt));
      break;
    case 'notification.sent':
      end(state, value, 'sent');
      break;
    case 'notification.dead':
      end(state, value, 'dead');
      break;
    case 'event.redacted':
      for (const position of value.events) redact(state, position);
      break;
  }
}

/** Forgets what the event at this position says. Returns the key of what has quoted it; undefined when nothing has. */
export function redact({ groups, pending, ended }: AlertingState, position: Position): string | undefined {
  let key: string | undefined;
  for (const { key: own, held } of groups.values()) if (held?.redact(position) === true) key = own;
  for (const notifications of [pending, ended]) {
    for (const notification of notifications.values()) {
      const { queued } = notification;
      if (queued.headline.position !== position) continue;
      notification.queued = { ...queued, headline: withoutQuote(queued.headline, position) };
      key = queued.key;
    }
  }
  return key;
}

export function activate(routes: readonly Route[]): readonly ActiveRoute[] {
  return routes.map((route) => ({ route, matches: compileQuery(parseQuery(route.match, 0)) }));
}

function hold(state: AlertingState, event: RecordedEvent): void {
  if (isAboutMail(event)) {
    followMail(state, event);
    return;
  }
  if (event.channel === importChannel) return;
  for (const { route, matches } of state.routes) {
    if (!matches(event)) continue;
    const group = groupFor(state, route.name, event.key);
    group.held ??= new Held(event.key, event.position);
    group.held.add(event);
    state.fresh.add(group);
  }
}

/** What the hub says of its mail is never mailed: that would feed on itself. */
function followMail({ mailFlow }: AlertingState, event: RecordedEvent): void {
  const isPaused = event.status === 'firing';
  if (mailFlow.isPaused && !isPaused) mailFlow.resumedAt = Date.parse(event.receivedAt);
  mailFlow.isPaused = isPaused;
}

function groupFor(state: AlertingState, route: string, key: string): Group {
  const id = JSON.stringify([route, key]);
  let group = state.groups.get(id);
  if (group === undefined) {
    group = { id, route, key, held: null, queuedAt: 0, queuedRank: -1 };
    state.groups.set(id, group);
  }
  return group;
}

function queue(state: AlertingState, queued: Queued): void {
  const at = Date.parse(queued.receivedAt);
  for (const [index, to] of queued.to.entries()) {
    const id = notificationId(queued, index);
    // Twice in the log when it was not known whether the first had got there: what it is about is no longer held.
    if (state.pending.has(id) || state.ended.has(id)) return;
    const notification = { id, to, queued, queuedAt: at, attempts: 0, nextAttempt: at, reply: '' };
    state.pending.set(id, { ...notification, state: 'pending' });
  }
  for (const span of queued.spans) {
    const group = groupFor(state, queued.route, span.key);
    group.held = group.held?.after(span, queued.bySeverity) ?? null;
    group.queuedRank = rank(queued.headline.severity);
    group.queuedAt = at;
    if (group.held !== null) state.fresh.add(group);
  }
}

/** The notification that was attempted, while it is pending. */
function attempted(state: AlertingState, decision: Attempted, nextAttempt: number): Notification | undefined {
  const notification = state.pending.get(decision.id);
  if (notification === undefined) return undefined;
  notification.attempts = decision.attempts;
  notification.nextAttempt = nextAttempt;
  notification.reply = decision.reply;
  return notification;
}

/** Counts only while the notification is pending. */
function end(state: AlertingState, decision: Attempted, outcome: 'sent' | 'dead'): void {
  const notification = attempted(state, decision, 0);
  if (notification === undefined) return;
  state[outcome] += 1;
  notification.state = outcome;
  state.pending.delete(notification.id);
  state.ended.set(notification.id, notification);
  const [oldest] = state.ended.keys();
  if (state.ended.size > maxEnded && oldest !== undefined) state.ended.delete(oldest);
}

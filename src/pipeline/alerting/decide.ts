import type { Decision, Route, Subject } from './decision.ts';
import { rank, type Held } from './held.ts';
import type { ActiveRoute, AlertingState, Group } from './state.ts';

type Queued = Extract<Decision, { type: 'notification.queued' }>;

/** What is to be decided at `now` (milliseconds) about `groups`, given what the log says: those in `state.fresh` after
 *  something was recorded, all of them when time has passed. No clock of its own and no effect: deciding twice gives the same
 *  decisions, and once they are in the log, none. */
export function decide(state: AlertingState, groups: Iterable<Group>, now: number): readonly Queued[] {
  const routes = new Map(state.routes.map((active) => [active.route.name, active]));
  const decisions: Queued[] = [];
  for (const group of groups) {
    const active = routes.get(group.route);
    if (active === undefined || group.held === null) continue;
    const reason = reasonToMail(group, group.held, active, now);
    if (reason !== undefined) decisions.push(queuedFor(group, group.held, active, reason));
  }
  return decisions;
}

/** The earliest time at which `decide` gives anything about `groups`, beyond what it gives at once, if nothing is recorded
 *  before; or null. */
export function nextDecisionAt(state: AlertingState, groups: Iterable<Group>): number | null {
  const intervals = intervalsOf(state);
  let earliest: number | null = null;
  for (const group of groups) {
    const interval = intervals.get(group.route);
    if (group.held === null || group.queuedAt === 0 || interval === undefined) continue;
    const at = group.queuedAt + interval;
    if (earliest === null || at < earliest) earliest = at;
  }
  return earliest;
}

/** Forgets groups that nothing is held of and whose interval is over: they begin anew with their next event. */
export function prune(state: AlertingState, now: number): void {
  const intervals = intervalsOf(state);
  for (const [id, group] of state.groups) {
    const interval = intervals.get(group.route);
    const isOver = interval === undefined || group.queuedAt + interval <= now;
    if (isOver && (group.held === null || interval === undefined)) state.groups.delete(id);
  }
}

function intervalsOf(state: AlertingState): ReadonlyMap<string, number> {
  return new Map(state.routes.map(({ route }) => [route.name, route.intervalMs]));
}

function reasonToMail(group: Group, held: Held, { route }: ActiveRoute, now: number): string | undefined {
  const endsAt = group.queuedAt + route.intervalMs;
  const severity = held.headline?.severity ?? 'info';
  if (group.queuedAt === 0) return `first of ${group.key}: mailed at once`;
  if (now >= endsAt)
    return `${held.count === 1 ? 'one' : `digest of ${String(held.count)}`} since the last mail about ${group.key}`;
  if (rank(severity) > group.queuedRank) return `${severity}, more severe than the last mail about ${group.key}`;
  return undefined;
}

function queuedFor(group: Group, held: Held, { route }: ActiveRoute, reason: string): Queued {
  return {
    type: 'notification.queued',
    id: `${held.through.toString(36)}.${digestOf(group.id)}`,
    key: group.key,
    to: route.to,
    reason,
    ...subjectOf(group, held, route),
  };
}

/** Copies: while the decision is on its way into the log, more may be held. */
function subjectOf(group: Group, held: Held, route: Route): Subject {
  if (held.headline === null) throw new Error(`group ${group.id} holds events without a headline`);
  return {
    route: route.name,
    match: route.match,
    group: group.id,
    spans: [held.span],
    count: held.count,
    bySeverity: { ...held.bySeverity },
    headline: held.headline,
    events: [...held.listed],
  };
}

/** A short name of a group for its notifications' ids: FNV-1a (Fowler, Noll, Vo), 32 bits. Only the routes that match the
 *  same event share its position, so ids stay apart. */
function digestOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}

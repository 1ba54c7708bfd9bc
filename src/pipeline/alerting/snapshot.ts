import type { Position } from '../event.ts';
import type { Route } from './decision.ts';
import { activate } from './evolve.ts';
import { Held, type HeldJson } from './held.ts';
import { emptyState, type AlertingState, type Group, type MailFlow, type Notification } from './state.ts';

/** Counts up when the state, or what `evolve` makes of a record, becomes another. */
const version = 1;

/** The state as it is kept between runs, so that a start need not fold the whole log. */
interface AlertingSnapshot {
  readonly version: number;
  readonly position: Position;
  readonly routes: readonly Route[];
  readonly groups: readonly (Omit<Group, 'held'> & { readonly held: HeldJson | null })[];
  readonly pending: readonly Notification[];
  readonly ended: readonly Notification[];
  readonly mailFlow: MailFlow;
  readonly sent: number;
  readonly dead: number;
}

/** The state as JSON text. */
export function snapshotOf(state: AlertingState): string {
  const snapshot: AlertingSnapshot = {
    version,
    position: state.position,
    routes: state.routes.map(({ route }) => route),
    groups: [...state.groups.values()].map((group) => ({ ...group, held: group.held?.toJson() ?? null })),
    pending: [...state.pending.values()],
    ended: [...state.ended.values()],
    mailFlow: state.mailFlow,
    sent: state.sent,
    dead: state.dead,
  };
  return JSON.stringify(snapshot);
}

/** The state that {@link snapshotOf} wrote; null when another version of the program wrote it. */
export function stateOf(text: string): AlertingState | null {
  const snapshot = JSON.parse(text) as AlertingSnapshot;
  if (snapshot.version !== version) return null;
  const state = emptyState(snapshot.position);
  state.routes = activate(snapshot.routes);
  state.sent = snapshot.sent;
  state.dead = snapshot.dead;
  Object.assign(state.mailFlow, snapshot.mailFlow);
  for (const group of snapshot.groups) {
    const restored = { ...group, held: group.held === null ? null : Held.fromJson(group.held) };
    state.groups.set(group.id, restored);
    if (restored.held !== null) state.fresh.add(restored);
  }
  for (const notification of snapshot.pending) state.pending.set(notification.id, notification);
  for (const notification of snapshot.ended) state.ended.set(notification.id, notification);
  return state;
}

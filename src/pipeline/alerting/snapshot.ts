import { activate } from './evolve.ts';
import { Held } from './held.ts';
import { emptyState, type AlertingSnapshot, type AlertingState } from './state.ts';

/** The state as JSON text. */
export function snapshotOf(state: AlertingState): string {
  const snapshot: AlertingSnapshot = {
    position: state.position,
    routes: state.routes.map(({ route }) => route),
    groups: [...state.groups.values()].map((group) => ({ ...group, held: group.held?.toJson() ?? null })),
    notifications: [...state.notifications.values()],
    sent: state.sent,
    dead: state.dead,
  };
  return JSON.stringify(snapshot);
}

/** The state that {@link snapshotOf} wrote. */
export function stateOf(text: string): AlertingState {
  const snapshot = JSON.parse(text) as AlertingSnapshot;
  const state = emptyState();
  state.position = snapshot.position;
  state.routes = activate(snapshot.routes);
  state.sent = snapshot.sent;
  state.dead = snapshot.dead;
  for (const group of snapshot.groups) {
    const restored = { ...group, held: group.held === null ? null : Held.fromJson(group.held) };
    state.groups.set(group.id, restored);
    if (restored.held !== null) state.fresh.add(restored);
  }
  for (const notification of snapshot.notifications) state.notifications.set(notification.id, notification);
  return state;
}

import type { AlertingState, Notification } from './state.ts';

/** Pending notifications whose time has come, the oldest first. */
export function* dueAt(state: AlertingState, now: number): Iterable<Notification> {
  for (const notification of state.pending.values()) if (notification.nextAttempt <= now) yield notification;
}

/** When the next pending one is due, in milliseconds, or null. */
export function nextDueAt(state: AlertingState): number | null {
  let earliest = Infinity;
  for (const { nextAttempt } of state.pending.values()) earliest = Math.min(earliest, nextAttempt);
  return earliest === Infinity ? null : earliest;
}

import type { Position } from '../event.ts';
import { maxListed } from './outbox.ts';
import type { AlertingState } from './state.ts';

/** Events that mails will list which are not sent yet, or not even decided about. */
export function* untold(state: AlertingState): Iterable<Position> {
  for (const { queued } of state.pending.values()) yield* queued.events.slice(0, maxListed);
  for (const { held } of state.groups.values()) if (held !== null) yield* held.listed.slice(0, maxListed);
}

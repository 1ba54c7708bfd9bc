import type { Position, RecordedEvent } from '../pipeline/event.ts';
import type { SubscriptionFilter } from './filter.ts';
import type { Cursor } from './subscription.ts';

/** The filter, and the last position looked at when there is one, as parameters. */
export function subscriptionFields(filter: SubscriptionFilter, cursor: Cursor | null): Record<string, string | number> {
  const place = cursor === null ? {} : { after: cursor.position };
  const epoch = cursor?.epoch === undefined ? {} : { epoch: cursor.epoch };
  return { ...filter, ...place, ...epoch };
}

/** No such type exists, so the contract has it answered with an error, by which the link is known to live. A page's
 *  WebSocket has no ping of its own. */
export const ping = { type: 'ping', ref: 'ping' };

/** Whether a `subscribe` frame can say this. There `type` is the frame's own, so that records of another type than
 *  `event` can only be asked for when connecting. */
export function fitsFrame(filter: SubscriptionFilter): boolean {
  return filter.type === undefined;
}

/** The same as the query of the upgrade. */
export function subscriptionQuery(filter: SubscriptionFilter, cursor: Cursor | null): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(subscriptionFields(filter, cursor))) query.set(name, String(value));
  return query.toString();
}

/** Whether the hub would answer the same to the same request: the token or the cursor is no good. */
export function isFinalCode(code: string): boolean {
  return code === 'unauthorized' || code === 'forbidden' || code === 'wrong_epoch' || code === 'gone';
}

/** The hub is trusted to send what the contract says; what is missing becomes empty, so that nothing throws in a listener. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function readPosition(value: unknown): Position {
  return typeof value === 'number' ? value : 0;
}

export function readEvents(value: unknown): readonly RecordedEvent[] {
  return Array.isArray(value) ? (value as readonly RecordedEvent[]) : [];
}

import type { Position, RecordedEvent } from '../pipeline/event.ts';
import type { SubscriptionFilter } from './filter.ts';
import type { Cursor } from './subscription.ts';

/** Asks for a subscription: the filter, and the last position looked at when there is one. */
export function subscribeFrame({ type, ...filter }: SubscriptionFilter, cursor: Cursor | null): object {
  // In a frame `type` says what the frame is; the type of the records goes by `types`.
  const types = type === undefined ? {} : { types: type };
  const place = cursor === null ? {} : { after: cursor.position };
  const epoch = cursor?.epoch === undefined ? {} : { epoch: cursor.epoch };
  return { type: 'subscribe', ...filter, ...types, ...place, ...epoch };
}

/** No such type exists, so the contract has it answered with an error, by which the link is known to live. A page's
 *  WebSocket has no ping of its own. */
export const ping = { type: 'ping', ref: 'ping' };

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

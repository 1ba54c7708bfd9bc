import type { Position, RecordedEvent } from '../pipeline/event.ts';
import type { Backoff } from './backoff.ts';
import type { Endpoint } from './endpoint.ts';
import type { SubscriptionFilter } from './filter.ts';
import type { WebSocketConstructor } from './socket.ts';

/** A place in a log: everything up to and including `position` has been looked at. */
export interface Cursor {
  /** Without it the position counts in whatever log the hub has now. */
  readonly epoch?: string;
  readonly position: Position;
}

export type SubscriptionStatus =
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'catching_up'; readonly epoch: string; readonly head: Position; readonly first: Position }
  | { readonly state: 'live'; readonly position: Position }
  /** `retryAt` in milliseconds since 1970. */
  | { readonly state: 'waiting'; readonly retryAt: number; readonly reason: string }
  /** The end: connecting again could only end the same way, or `close` was called (`code` is then `closed`). */
  | { readonly state: 'closed'; readonly code: string; readonly reason: string };

export interface SubscribeOptions extends Endpoint {
  /** `ws://host:port/ws`, or `wss:`. */
  readonly url: string | (() => string);
  readonly WebSocket: WebSocketConstructor;
  readonly filter?: SubscriptionFilter;
  /** Absent: from now on, or from `filter.since`. */
  readonly cursor?: Cursor;
  /** The cursor has already moved past the events when this is called. */
  readonly onEvents: (events: readonly RecordedEvent[]) => void;
  readonly onStatus: (status: SubscriptionStatus) => void;
  readonly backoff?: Backoff;
}

export interface Subscription {
  /** Where to go on from later; null before the hub has said where this began. */
  cursor(): Cursor | null;
  /** Replaces the filter and the place; without a cursor from now on, or from `filter.since`. Nothing that the old
   *  filter let through is given after this call. */
  subscribe(filter: SubscriptionFilter, cursor?: Cursor): void;
  /** For a page that has come online again or into view: connects at once when waiting, else checks that the link lives. */
  retryNow(): void;
  /** Stops reading from the socket where it can be stopped (not in a browser); what has arrived is still given. */
  pause(): void;
  resume(): void;
  close(): void;
}

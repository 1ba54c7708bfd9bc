import type { Position } from './event.ts';
import type { Filter, FilterFields } from './filter.ts';

/** How a subscriber's frames are written. */
export type FrameFormat = 'ws' | 'sse' | 'ndjson';

/** Where one subscriber's frames go: its connection, as the server sees it. None of its methods throws. */
export interface Outlet {
  readonly format: FrameFormat;
  /** The network address at the other end. */
  readonly remoteAddress: string;
  /** Bytes that were handed over and that the system has not taken yet. */
  readonly heldBytes: number;
  send(frame: string): void;
  /** Live frames of a topic reach this outlet from now on (until `leave`), in order with what `send` is given. */
  join(topic: string): void;
  leave(topic: string): void;
  end(reason: EndReason): void;
}

/** Why a connection is ended: `done` when there is nothing more to come, `unresponsive` when it does not read, `gone` when
 *  what comes next is no longer kept, `unreadable` when that cannot be read, `unauthorized` when the reader's token is no
 *  longer valid. */
export type EndReason = 'done' | 'unresponsive' | 'restarting' | 'gone' | 'unreadable' | 'unauthorized';

/** Hands a frame to every outlet of its format that has joined the topic. */
export type PublishToTopic = (topic: string, frame: string) => void;

export interface SubscribeRequest {
  readonly filter: Filter;
  /** The filter in the reader's own words. */
  readonly asked?: FilterFields;
  /** The last position that the subscriber has looked at already. */
  readonly after: Position;
  /** It was the log's beginning that was asked for, wherever retention has moved that until the first record is sent. */
  readonly isFromFirst?: boolean;
  /** Ends there, or never. */
  readonly until?: Position;
  /** Ends after so many records; only for a subscription that has an `until`. */
  readonly limit?: number;
}

export interface Subscription {
  /** The last position that the subscriber's frames account for. */
  readonly cursor: Position;
  /** To be called when the reader has taken something. */
  drained(): void;
  /** Ends the subscription and leaves the connection open. */
  close(): void;
}

/** One subscriber as people see it, with the names that it has in JSON. */
export interface SubscriberStatus {
  /** Counts from 1 while the hub runs. */
  readonly id: number;
  readonly channel: FrameFormat;
  readonly remoteAddress: string;
  /** When it subscribed, RFC 3339. */
  readonly since: string;
  readonly state: 'catching_up' | 'live' | 'fell_behind';
  /** The last position that it was handed or that does not match. */
  readonly position: Position;
  /** How many records it is behind the ones that live subscribers have been given. */
  readonly lag: number;
  /** Bytes that wait in the hub until it reads. */
  readonly heldBytes: number;
  readonly filter: FilterFields;
}

/** Catch-up subscriptions: history from the log, then live, each matching record exactly once and in order. */
export interface Subscriptions {
  /** The last position that live subscribers have been given. */
  readonly published: Position;
  readonly count: number;
  /** In the order in which they subscribed. */
  list(): readonly SubscriberStatus[];
  open(request: SubscribeRequest, outlet: Outlet): Subscription;
}

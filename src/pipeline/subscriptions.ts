import type { Position } from './event.ts';
import type { Filter } from './filter.ts';

/** How a subscriber's frames are written. */
export type FrameFormat = 'ws' | 'sse' | 'ndjson';

/** Where one subscriber's frames go: its connection, as the server sees it. None of its methods throws. */
export interface Outlet {
  readonly format: FrameFormat;
  /** Bytes that were handed over and that the system has not taken yet. */
  readonly heldBytes: number;
  send(frame: string): void;
  /** Live frames of a topic reach this outlet from now on (until `leave`), in order with what `send` is given. */
  join(topic: string): void;
  leave(topic: string): void;
  /** Ends the connection: `done` when there is nothing more to come, `unresponsive` when it does not read, `gone` when
   *  what comes next is no longer kept. */
  end(reason: 'done' | 'unresponsive' | 'restarting' | 'gone'): void;
}

/** Hands a frame to every outlet of its format that has joined the topic. */
export type PublishToTopic = (topic: string, frame: string) => void;

export interface SubscribeRequest {
  readonly filter: Filter;
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
  /** To be called when the outlet's held bytes have become fewer. */
  drained(): void;
  /** Ends the subscription and leaves the connection open. */
  close(): void;
}

/** Catch-up subscriptions: history from the log, then live, each matching record exactly once and in order. */
export interface Subscriptions {
  /** The last position that live subscribers have been given. */
  readonly published: Position;
  readonly count: number;
  open(request: SubscribeRequest, outlet: Outlet): Subscription;
}

import type { Position } from '../event.ts';
import type { Predicate } from '../query/evaluate.ts';
import type { Decision, Route } from './decision.ts';
import type { Held } from './held.ts';

type Queued = Extract<Decision, { type: 'notification.queued' }>;

/** A route with its query compiled. */
export interface ActiveRoute {
  readonly route: Route;
  readonly matches: Predicate;
}

/** Events of one route and key. */
export interface Group {
  readonly id: string;
  readonly route: string;
  readonly key: string;
  held: Held | null;
  /** When its last mail was queued, in milliseconds; 0 for never. */
  queuedAt: number;
  /** The most severe that was mailed in the interval that began then; -1 for none. */
  queuedRank: number;
}

/** A mail to one recipient, from its decision to its end. */
export interface Notification {
  readonly id: string;
  readonly to: string;
  queued: Queued;
  /** Milliseconds. */
  readonly queuedAt: number;
  state: 'pending' | 'sent' | 'dead';
  attempts: number;
  /** Milliseconds; when a pending one is due. */
  nextAttempt: number;
  /** What the mail server said last, or what went wrong; empty before the first attempt. */
  reply: string;
}

/** How mail is going, by what the hub itself has said about it in the log. */
export interface MailFlow {
  isPaused: boolean;
  /** When the last pause ended, in milliseconds; 0 for never. */
  resumedAt: number;
}

/** What the log says about alerting: a fold over its records, see `evolve`. */
export interface AlertingState {
  /** The last record folded in. */
  position: Position;
  routes: readonly ActiveRoute[];
  readonly groups: Map<string, Group>;
  /** Groups that something new may have to be decided about at once. */
  readonly fresh: Set<Group>;
  /** By id, oldest first. */
  readonly pending: Map<string, Notification>;
  /** The last ones that have ended, oldest first. */
  readonly ended: Map<string, Notification>;
  readonly mailFlow: MailFlow;
  sent: number;
  dead: number;
}

export function emptyState(position: Position): AlertingState {
  return {
    position,
    routes: [],
    groups: new Map(),
    fresh: new Set(),
    pending: new Map(),
    ended: new Map(),
    mailFlow: { isPaused: false, resumedAt: 0 },
    sent: 0,
    dead: 0,
  };
}

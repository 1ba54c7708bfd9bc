import type { Position } from '../event.ts';
import type { Predicate } from '../query/evaluate.ts';
import type { Decision, Route } from './decision.ts';
import type { Held, HeldJson } from './held.ts';

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
  /** Everything up to here is decided. */
  decidedThrough: Position;
  /** When its last mail was queued, in milliseconds; 0 for never. */
  queuedAt: number;
  /** The most severe that was mailed in the interval that began then; -1 for none. */
  queuedRank: number;
}

/** A mail to one recipient, from its decision to its end. */
export interface Notification {
  readonly id: string;
  readonly to: string;
  readonly queued: Queued;
  /** Milliseconds. */
  readonly queuedAt: number;
  state: 'pending' | 'sent' | 'dead';
  attempts: number;
  /** Milliseconds; when a pending one is due. */
  nextAttempt: number;
  /** What the mail server said last, or what went wrong; empty before the first attempt. */
  reply: string;
}

/** What the log says about alerting: a fold over its records, see `evolve`. */
export interface AlertingState {
  /** The last record folded in. */
  position: Position;
  routes: readonly ActiveRoute[];
  readonly groups: Map<string, Group>;
  /** Groups that something new may have to be decided about at once. */
  readonly fresh: Set<Group>;
  /** Pending ones all, and the last ones of those that have ended. */
  readonly notifications: Map<string, Notification>;
  sent: number;
  dead: number;
}

export function emptyState(): AlertingState {
  return {
    position: 0,
    routes: [],
    groups: new Map(),
    fresh: new Set(),
    notifications: new Map(),
    sent: 0,
    dead: 0,
  };
}

/** The state as it is kept between runs, so that a start need not fold the whole log. */
export interface AlertingSnapshot {
  readonly position: Position;
  readonly routes: readonly Route[];
  readonly groups: readonly (Omit<Group, 'held'> & { readonly held: HeldJson | null })[];
  readonly notifications: readonly Notification[];
  readonly sent: number;
  readonly dead: number;
}

import type { AccessDecision } from '../access-decision.ts';
import type { Position, Severity } from '../event.ts';

/** Who is mailed about which events, and how mails are grouped. */
export interface Route {
  readonly name: string;
  /** A query; what it matches is mailed. */
  readonly match: string;
  readonly to: readonly string[];
  /** What follows the first mail of a group within this time is one digest. */
  readonly intervalMs: number;
}

/** Events of one group, all those that the route matched between two positions, both included. Exact and small however
 *  many they are. */
export interface Span {
  readonly key: string;
  readonly from: Position;
  readonly through: Position;
  readonly count: number;
}

/** What one mail is about. */
export interface Subject {
  readonly route: string;
  /** The route's query at that time: between two positions the mail is about what this matched. */
  readonly match: string;
  /** What its mails are threaded by. */
  readonly group: string;
  readonly spans: readonly Span[];
  /** Of all spans together. */
  readonly count: number;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** The most severe one, and among those the first. */
  readonly headline: {
    readonly position: Position;
    readonly source: string;
    readonly severity: Severity;
    readonly message: string;
  };
  /** Positions of the first ones. */
  readonly events: readonly Position[];
}

/** What the hub decides about events. Each is a record in the log, with the reason in words for people. */
export type Decision =
  | AccessDecision
  /** The routes that are in force from here on. */
  | { readonly type: 'alerting.configured'; readonly routes: readonly Route[]; readonly reason: string }
  /** A mail to each of the recipients is due. */
  | ({
      readonly type: 'notification.queued';
      readonly id: string;
      readonly key: string;
      readonly to: readonly string[];
      readonly reason: string;
    } & Subject)
  /** The mail server took it. */
  | ({ readonly type: 'notification.sent' } & Attempted)
  /** It did not, and is asked again at `nextAttempt` (RFC 3339). */
  | ({ readonly type: 'notification.deferred'; readonly nextAttempt: string } & Attempted)
  /** Given up: nobody was told by mail. */
  | ({ readonly type: 'notification.dead' } & Attempted)
  /** The content of these events is blanked, here and wherever it was quoted. */
  | {
      readonly type: 'event.redacted';
      readonly key: string;
      readonly events: readonly Position[];
      /** Who asked for it. */
      readonly by: string;
      readonly reason: string;
    };

export interface Attempted {
  /** Of the notification to one recipient. */
  readonly id: string;
  readonly key: string;
  readonly to: string;
  readonly events: readonly Position[];
  /** So far. */
  readonly attempts: number;
  /** What the mail server said, or what went wrong. */
  readonly reply: string;
  readonly reason: string;
}

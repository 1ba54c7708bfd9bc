import type { Observable } from 'rxjs';
import type { EventDraft } from '../event.ts';
import type { Attempted, Decision } from './decision.ts';
import type { MailFlow, Notification } from './state.ts';

/** Events that a mail lists at most. The others are counted. */
export const maxListed = 50;

export type AttemptDecision = Extract<Decision, Attempted>;

/** The mails that are due according to the log, and the way back into it for what became of them. There is no other
 *  queue: what is in the log is what is to be sent. */
export interface Outbox {
  /** Pending notifications whose time has come, the oldest first. */
  due(now: number): Iterable<Notification>;
  /** When the next pending one is due, in milliseconds, or null. */
  nextDueAt(): number | null;
  /** Emits when `due` may give more than before. */
  readonly changed$: Observable<void>;
  /** What was announced about mail before, in this run of the hub or an earlier one. */
  readonly mailFlow: Readonly<MailFlow>;
  /** Resolves when the log has it, trying again while the log cannot take it. Rejects only when the hub stops. */
  record(decision: AttemptDecision): Promise<void>;
  /** The same for an event of the hub's own. */
  announce(event: EventDraft): Promise<void>;
}

import type { Observable } from 'rxjs';
import type { EventDraft } from '../event.ts';
import type { Attempted, Decision } from './decision.ts';
import type { Notification } from './state.ts';

export type AttemptDecision = Extract<Decision, Attempted>;

/** The mails that are due according to the log, and the way back into it for what became of them. There is no other
 *  queue: what is in the log is what is to be sent. */
export interface Outbox {
  /** Pending notifications whose time has come, the longest waiting first. */
  due(now: number): readonly Notification[];
  /** When the next pending one is due, in milliseconds, or null. */
  nextDueAt(): number | null;
  /** Emits when `due` may give more than before. */
  readonly changed$: Observable<void>;
  /** Resolves when the log has it, trying again while the log cannot take it. Rejects only when the hub is stopped. */
  record(decision: AttemptDecision): Promise<void>;
  /** The same for an event of the hub's own. */
  announce(event: EventDraft): Promise<void>;
}

import type { AttemptDecision } from '../../pipeline/alerting/outbox.ts';
import type { Notification } from '../../pipeline/alerting/state.ts';
import { giveUpMs, retryWaitMs } from './retry.ts';
import type { Verdict } from './verdict.ts';

export interface AttemptCircumstances {
  readonly now: number;
  /** When mail last began to go through again, 0 if it never was paused: what waited meanwhile gets its whole time from then. */
  readonly pausedUntil: number;
  /** From 0 to 1, for the jitter. */
  readonly random: () => number;
}

/** What the log is to say of an attempt to send the notification: sent, given up, or when it is tried again. */
export function attemptDecision(
  { id, to, queued, queuedAt, attempts: before }: Notification,
  verdict: Exclude<Verdict, { kind: 'refused' }>,
  { now, pausedUntil, random }: AttemptCircumstances,
): AttemptDecision {
  const attempts = before + 1;
  const { reply } = verdict;
  const attempted = { id, key: queued.key, to, events: queued.events, attempts, reply };
  if (verdict.kind === 'sent') return { type: 'notification.sent', ...attempted, reason: 'the mail server took it' };
  if (verdict.kind === 'dead') {
    return { type: 'notification.dead', ...attempted, reason: 'the mail server refuses it for good' };
  }
  if (now - Math.max(queuedAt, pausedUntil) >= giveUpMs) {
    return { type: 'notification.dead', ...attempted, reason: `given up after 48 h and ${String(attempts)} attempts` };
  }
  const nextAttempt = new Date(now + retryWaitMs(attempts, verdict.leastWaitMs, random)).toISOString();
  return { type: 'notification.deferred', ...attempted, nextAttempt, reason: `tried again from ${nextAttempt}` };
}

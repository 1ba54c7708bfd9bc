import { isAboutAccess } from '../../src/pipeline/access-decision.ts';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import type { RecordedDecision } from '../../src/pipeline/record.ts';

/** One line of what became of an event, for the reader's language to put into words. */
export interface Step {
  /** RFC 3339; null for what waits without a time. */
  readonly at: string | null;
  readonly mark: 'done' | 'waits' | 'failed';
  /** Names the sentence among the page's texts; `values` fill its places, numbers written as the reader does. */
  readonly say: Sentence;
  readonly values: Readonly<Record<string, string | number>>;
  /** The query that led to it. */
  readonly query?: string;
  /** The hub's or the mail server's own words. */
  readonly words?: string;
}

/** The sentences, with the places that `values` fills. */
export type Sentence =
  | 'recorded'
  | 'matched'
  | 'queued'
  | 'queuedWith'
  | 'notTried'
  | 'sent'
  | 'deferred'
  | 'next'
  | 'dead'
  | 'suppressed'
  | 'redacted'
  | 'other';

type Queued = Extract<RecordedDecision, { type: 'notification.queued' }>;
type Attempt = Extract<RecordedDecision, { attempts: number }>;

/** Longer than any digest waits by default: what has no decision by then is unlikely to get one. */
const restsAfterMs = 3_600_000;

/** The way of an event as far as the log knows it, oldest first. Of the failed attempts to one recipient the last alone is
 *  told, with their number. */
export function traceSteps(event: RecordedEvent, decisions: readonly RecordedDecision[]): readonly Step[] {
  const steps: Step[] = [
    { at: event.receivedAt, mark: 'done', say: 'recorded', values: { channel: event.channel } },
    ...decisions.filter((decision) => !isOvertaken(decision, decisions)).flatMap((decision) => stepsOf(decision)),
  ];
  return [...steps, ...waiting(decisions)];
}

/** Whether nothing more is to be expected: each mail has ended, or no mail came of an event that has been there for long. */
export function isSettled(event: RecordedEvent, decisions: readonly RecordedDecision[], now: number): boolean {
  if (decisions.length === 0) return now - Date.parse(event.receivedAt) > restsAfterMs;
  return waiting(decisions).length === 0;
}

function stepsOf(decision: RecordedDecision): readonly Step[] {
  if (isAboutAccess(decision)) return [];
  const at = decision.receivedAt;
  switch (decision.type) {
    case 'alerting.configured':
      return [];
    case 'notification.queued':
      return [
        { at, mark: 'done', say: 'matched', values: { route: decision.route }, query: decision.match },
        { at, mark: 'done', ...queuedSentence(decision), words: decision.reason },
      ];
    case 'notification.sent':
      return [{ at, mark: 'done', say: 'sent', values: { to: decision.to }, words: decision.reply }];
    case 'notification.deferred':
      return [{ at, mark: 'failed', say: 'deferred', values: attemptOf(decision), words: decision.reply }];
    case 'notification.dead':
      return [
        {
          at,
          mark: 'failed',
          say: 'dead',
          values: attemptOf(decision),
          words: `${decision.reply} (${decision.reason})`,
        },
      ];
    case 'event.redacted':
      return [{ at, mark: 'done', say: 'redacted', values: { by: decision.by }, words: decision.reason }];
    default:
      return [unknownStep(decision)];
  }
}

/** A decision that this page does not know yet still says its reason. */
function unknownStep(decision: {
  readonly type: string;
  readonly receivedAt: string;
  readonly reason?: unknown;
}): Step {
  const words = typeof decision.reason === 'string' ? decision.reason : '';
  const isSuppressed = decision.type === 'notification.suppressed';
  const say = isSuppressed ? 'suppressed' : 'other';
  return { at: decision.receivedAt, mark: 'done', say, values: { type: decision.type }, words };
}

function queuedSentence({ to, count }: Queued): Pick<Step, 'say' | 'values'> {
  const recipients = to.join(', ');
  if (count === 1) return { say: 'queued', values: { to: recipients } };
  return { say: 'queuedWith', values: { to: recipients, others: count - 1 } };
}

function attemptOf({ to, attempts }: Attempt): Step['values'] {
  return { to, attempts };
}

function isOvertaken(decision: RecordedDecision, all: readonly RecordedDecision[]): boolean {
  if (decision.type !== 'notification.deferred') return false;
  return all.some((other) => other.position > decision.position && isAttempt(other) && other.id === decision.id);
}

function isAttempt(decision: RecordedDecision): decision is Attempt {
  return 'attempts' in decision;
}

/** What is still to come: a mail that was not tried yet, or the next attempt. */
function waiting(decisions: readonly RecordedDecision[]): readonly Step[] {
  return decisions
    .filter((decision) => decision.type === 'notification.queued')
    .flatMap((queued) => {
      const attempts = decisions.filter(
        (decision): decision is Attempt => isAttempt(decision) && isOf(decision, queued),
      );
      return queued.to.flatMap((to) => waitingFor(to, attempts.filter((attempt) => attempt.to === to).at(-1)));
    });
}

/** The mail to one of several recipients has the id of the decision and the number of the recipient. */
function isOf(attempt: Attempt, queued: Queued): boolean {
  return attempt.id === queued.id || attempt.id.startsWith(`${queued.id}-`);
}

function waitingFor(to: string, last: Attempt | undefined): readonly Step[] {
  if (last === undefined) return [{ at: null, mark: 'waits', say: 'notTried', values: { to } }];
  if (last.type !== 'notification.deferred') return [];
  return [{ at: last.nextAttempt, mark: 'waits', say: 'next', values: { to } }];
}

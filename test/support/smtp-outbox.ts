import { Subject } from 'rxjs';
import type { AttemptDecision, Outbox } from '../../src/pipeline/alerting/outbox.ts';
import type { Notification } from '../../src/pipeline/alerting/state.ts';
import type { EventDraft, RecordedEvent } from '../../src/pipeline/event.ts';

export function eventWith(fields: Partial<RecordedEvent> = {}): RecordedEvent {
  return {
    position: 7,
    type: 'event',
    id: 'e7',
    time: '2026-01-02T03:04:05.000Z',
    receivedAt: '2026-01-02T03:04:06.000Z',
    source: 'sensor_01',
    severity: 'critical',
    message: 'temperature 81 C',
    channel: 'tcp',
    key: 'sensor_01',
    status: 'firing',
    ...fields,
  };
}

/** A mail that is due at once about `event`, or about `count` like it. */
export function notificationOf(
  event: RecordedEvent,
  fields: Partial<Pick<Notification, 'id' | 'to' | 'queuedAt'>> & { readonly count?: number } = {},
): Notification {
  const { count = 1, id = '7.abc', to = 'ops@example.com', queuedAt = 0 } = fields;
  const { position, source, severity, message, key } = event;
  return {
    id,
    to,
    queuedAt,
    state: 'pending',
    attempts: 0,
    nextAttempt: queuedAt,
    reply: '',
    queued: {
      type: 'notification.queued',
      id,
      key,
      to: [to],
      reason: `first of ${key}: mailed at once`,
      route: 'default',
      match: 'severity>=error',
      group: JSON.stringify(['default', key]),
      spans: [{ key, from: position, through: position + count - 1, count }],
      count,
      bySeverity: { info: 0, warning: 0, error: 0, critical: 0, [severity]: count },
      headline: { position, source, severity, message },
      events: Array.from({ length: Math.min(count, 50) }, (_, index) => position + index),
    },
  };
}

/** The outbox in memory: it keeps what it is told and moves the notifications on as the log would. */
export class FakeOutbox implements Outbox {
  readonly decisions: AttemptDecision[] = [];
  readonly announced: EventDraft[] = [];
  readonly mailFlow = { isPaused: false, resumedAt: 0 };
  readonly #pending = new Map<string, Notification>();
  readonly #changed$ = new Subject<void>();

  get changed$() {
    return this.#changed$.asObservable();
  }

  get pending(): readonly Notification[] {
    return [...this.#pending.values()];
  }

  queue(...notifications: readonly Notification[]): void {
    for (const notification of notifications) this.#pending.set(notification.id, notification);
    this.#changed$.next();
  }

  due(now: number): readonly Notification[] {
    return this.pending.filter(({ nextAttempt }) => nextAttempt <= now);
  }

  nextDueAt(): number | null {
    return this.#pending.size === 0 ? null : Math.min(...this.pending.map(({ nextAttempt }) => nextAttempt));
  }

  async record(decision: AttemptDecision): Promise<void> {
    this.decisions.push(decision);
    const known = this.#pending.get(decision.id);
    if (known === undefined) throw new Error(`${decision.id} is not pending`);
    if (decision.type === 'notification.deferred') {
      known.attempts = decision.attempts;
      known.nextAttempt = Date.parse(decision.nextAttempt);
    } else {
      this.#pending.delete(decision.id);
    }
    this.#changed$.next();
  }

  async announce(event: EventDraft): Promise<void> {
    this.announced.push(event);
  }
}

import type { RecordedDecision } from '../../src/pipeline/record.ts';

type Queued = Extract<RecordedDecision, { type: 'notification.queued' }>;
type Attempt = Extract<RecordedDecision, { attempts: number }>;

/** When a record at this position was recorded, RFC 3339. */
export const recordedAt = (position: number): string => new Date(Date.UTC(2025, 0, 1) + position * 1_000).toISOString();

/** A mail that became due at this position, to one recipient about one event unless told otherwise. */
export function queuedAt(position: number, fields: Partial<Queued> = {}): Queued {
  const time = recordedAt(position);
  return {
    position,
    type: 'notification.queued',
    time,
    receivedAt: time,
    id: '1.abc',
    key: 'disk',
    to: ['ops@example.com'],
    reason: 'first of disk: mailed at once',
    route: 'default',
    match: 'severity>=error',
    group: '["default","disk"]',
    spans: [{ key: 'disk', from: 1, through: 1, count: 1 }],
    count: 1,
    bySeverity: { info: 0, warning: 0, error: 1, critical: 0 },
    headline: { position: 1, source: 'db-2', severity: 'error', message: 'full' },
    events: [1],
    ...fields,
  };
}

/** What became of an attempt to send it. */
export function attemptAt(
  position: number,
  type: Attempt['type'],
  fields: Partial<Attempt> & { readonly nextAttempt?: string } = {},
): RecordedDecision {
  const time = recordedAt(position);
  const attempted = { id: '1.abc', key: 'disk', to: 'ops@example.com', events: [1], attempts: 1, reply: '250 ok' };
  const nextAttempt = type === 'notification.deferred' ? { nextAttempt: recordedAt(position + 60) } : {};
  return {
    position,
    type,
    time,
    receivedAt: time,
    ...attempted,
    reason: 'because',
    ...nextAttempt,
    ...fields,
  } as RecordedDecision;
}

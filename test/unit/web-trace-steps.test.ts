import { describe, expect, it } from 'vitest';
import type { RecordedDecision } from '../../src/pipeline/record.ts';
import { isSettled, traceSteps } from '../../web/state/trace-steps.ts';
import { anEvent } from '../support/fake-socket.ts';
import { attemptAt, queuedAt, recordedAt } from '../support/web-decisions.ts';

const event = anEvent(1, { severity: 'error', key: 'disk' });
const said = (decisions: readonly RecordedDecision[]) => traceSteps(event, decisions).map(({ say }) => say);

describe('traceSteps', () => {
  it('begins with where the event was recorded from, also without a decision', () => {
    expect(traceSteps(event, [])).toEqual([
      { at: event.receivedAt, mark: 'done', say: 'recorded', values: { channel: 'tcp' } },
    ]);
  });

  it('tells route, query and reason of a mail, and the reply that it was sent with', () => {
    const steps = traceSteps(event, [queuedAt(2), attemptAt(3, 'notification.sent', { reply: '250 queued as 4F2A' })]);
    expect(steps.map(({ say }) => say)).toEqual(['recorded', 'matched', 'queued', 'sent']);
    expect(steps[1]).toMatchObject({ values: { route: 'default' }, query: 'severity>=error' });
    expect(steps[2]).toMatchObject({ words: 'first of disk: mailed at once' });
    expect(steps[3]).toMatchObject({ words: '250 queued as 4F2A', mark: 'done', at: recordedAt(3) });
  });

  it('counts the other events that share the mail', () => {
    expect(traceSteps(event, [queuedAt(2, { count: 5 })])[2]).toMatchObject({
      say: 'queuedWith',
      values: { others: 4 },
    });
  });

  it('says that a mail waits until it was tried', () => {
    expect(said([queuedAt(2)])).toEqual(['recorded', 'matched', 'queued', 'notTried']);
  });

  it('tells the last failed attempt alone, and when the next one is', () => {
    const decisions = [
      queuedAt(2),
      attemptAt(3, 'notification.deferred', { attempts: 1 }),
      attemptAt(4, 'notification.deferred', { attempts: 2, reply: '451 later', nextAttempt: recordedAt(90) }),
    ];
    expect(traceSteps(event, decisions).slice(3)).toEqual([
      {
        at: recordedAt(4),
        mark: 'failed',
        say: 'deferred',
        values: { to: 'ops@example.com', attempts: 2 },
        words: '451 later',
      },
      { at: recordedAt(90), mark: 'waits', say: 'next', values: { to: 'ops@example.com' } },
    ]);
  });

  it('keeps the recipients of one mail apart', () => {
    const decisions = [
      queuedAt(2, { to: ['one@example.com', 'two@example.com'] }),
      attemptAt(3, 'notification.sent', { id: '1.abc-1', to: 'one@example.com' }),
    ];
    expect(traceSteps(event, decisions).at(-1)).toMatchObject({ say: 'notTried', values: { to: 'two@example.com' } });
  });

  it('gives the reason of a decision that it does not know', () => {
    const suppressed = { ...queuedAt(2), type: 'notification.suppressed', reason: 'silenced' } as unknown;
    expect(traceSteps(event, [suppressed as RecordedDecision]).at(-1)).toMatchObject({
      say: 'suppressed',
      words: 'silenced',
    });
  });
});

describe('isSettled', () => {
  const later = Date.parse(recordedAt(10));

  it('expects more while a mail waits, and nothing once each has ended', () => {
    const deferred = [queuedAt(2), attemptAt(3, 'notification.deferred')];
    expect(isSettled(event, deferred, later)).toBe(false);
    expect(isSettled(event, [...deferred, attemptAt(4, 'notification.dead')], later)).toBe(true);
  });

  it('expects a first decision for an hour', () => {
    expect(isSettled(event, [], later)).toBe(false);
    expect(isSettled(event, [], later + 3_600_000)).toBe(true);
  });
});

import { describe, expect, it, onTestFinished } from 'vitest';
import { Alerting } from '../../src/pipeline/alerting/alerting.ts';
import type { Route } from '../../src/pipeline/alerting/decision.ts';
import { DecisionSource } from '../../src/pipeline/alerting/decision-source.ts';
import { snapshotOf } from '../../src/pipeline/alerting/snapshot.ts';
import { emptyState } from '../../src/pipeline/alerting/state.ts';
import { appendTo } from '../../src/pipeline/append.ts';
import { BoundedBacklog } from '../../src/pipeline/backlog.ts';
import { routesOf } from '../../src/config/routes.ts';
import { loadConfig } from '../../src/config/config.ts';
import { waitFor } from '../support/deadline.ts';
import { mailSettings } from '../support/mail-hub.ts';
import { aDraft, MemoryLog } from '../support/memory-log.ts';

/** Has a checkpoint from before its first record; what was recorded since is not read until the test has it answered. */
class UnreadLog extends MemoryLog {
  override loadCheckpoint(): Promise<never> {
    return Promise.resolve(snapshotOf(emptyState(0)) as never);
  }
}

function decisionsIn(log: MemoryLog): readonly string[] {
  return log.records.flatMap(({ value }) => (value.type === 'event' ? [] : [value.type]));
}

async function startOn(log: MemoryLog, routes: readonly Route[]): Promise<Alerting> {
  const decisions = new DecisionSource();
  const failures: unknown[] = [];
  const options = { log, decisions, routes, clock: Date.now, reportFailure: (error: unknown) => failures.push(error) };
  const alerting = await Alerting.restore(options);
  const subscription = alerting.sink(decisions.open().pipe(appendTo(log, new BoundedBacklog()))).subscribe();
  onTestFinished(() => {
    alerting.stop();
    subscription.unsubscribe();
    expect(failures).toEqual([]);
  });
  await alerting.configure();
  return alerting;
}

describe('alerting at the start of a hub', () => {
  it('is there before a long log was folded, and decides about it when it was', async () => {
    const routes = routesOf(loadConfig({ flags: {}, env: mailSettings(1), file: undefined }));
    const log = new UnreadLog();
    const configured = { decision: { type: 'alerting.configured', routes, reason: 'a test' } } as const;
    log.appendNow([configured, { draft: aDraft({ id: '1', severity: 'critical' }), channel: 'tcp' }]);

    const alerting = await startOn(log, routes);
    expect(log.waitingReads, 'reads that were not waited for').toBe(1);
    expect(decisionsIn(log), 'the routes once more').toEqual(['alerting.configured', 'alerting.configured']);
    expect(alerting.notifications()).toEqual([]);

    const isDecided = async () => {
      await log.answerReads();
      return alerting.notifications().length > 0;
    };
    await waitFor(isDecided, { what: 'a notification', within: 5_000 });
    expect(decisionsIn(log).at(-1)).toBe('notification.queued');
  });
});

import { describe, expect, it } from 'vitest';
import { nextDecisionAt, prune } from '../../src/pipeline/alerting/decide.ts';
import { hubEvent } from '../../src/pipeline/alerting/hub-events.ts';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { eventOf } from '../../src/pipeline/record.ts';
import { evolve } from '../../src/pipeline/alerting/evolve.ts';
import { DeciderWorld, interval } from '../support/decider-world.ts';

const verdict = { key: 'disk', to: 'ops@example.com', events: [2], reply: '250 ok', reason: 'test' } as const;

describe('the decider', () => {
  it('queues the first event of a group at once, and holds what follows until the interval is over', () => {
    const world = new DeciderWorld();
    world.event('error');
    expect(world.decideAndAppend()).toMatchObject([{ count: 1, reason: 'first of disk: mailed at once' }]);
    world.event('error');
    world.event('error');
    expect(world.decide()).toEqual([]);
    expect(nextDecisionAt(world.state, world.state.groups.values())).toBe(world.now + interval);
    world.now += interval - 1;
    expect(world.decide()).toEqual([]);
    world.now += 1;
    expect(world.decide()).toMatchObject([{ count: 2, reason: 'digest of 2 since the last mail about disk' }]);
  });

  it('queues an event at once that is more severe, and none that is as severe', () => {
    const world = new DeciderWorld();
    world.event('error');
    world.decideAndAppend();
    world.event('critical');
    expect(world.decideAndAppend()).toMatchObject([{ count: 1, headline: { severity: 'critical' } }]);
    world.event('critical');
    expect(world.decide()).toEqual([]);
  });

  it('queues nothing without a route, nor about what the route does not match', () => {
    const off = new DeciderWorld([]);
    off.event('critical');
    expect(off.decide()).toEqual([]);
    const on = new DeciderWorld();
    on.event('warning');
    expect(on.decide()).toEqual([]);
  });

  it('sends a mail to each recipient, and counts what becomes of each once', () => {
    const route = { name: 'r', match: 'severity>=error', to: ['a@b', 'c@d'], intervalMs: interval };
    const world = new DeciderWorld([route]);
    world.event('error');
    const [queued] = world.decideAndAppend();
    const ids = [...world.state.pending.keys()];
    expect(ids).toEqual([`${queued?.id}-1`, `${queued?.id}-2`]);
    const [one = '', other = ''] = ids;
    world.append({ type: 'notification.sent', ...verdict, id: one, attempts: 1 });
    world.append({ type: 'notification.sent', ...verdict, id: one, attempts: 1 });
    world.append({ type: 'notification.dead', ...verdict, id: other, attempts: 3 });
    expect(world.state).toMatchObject({ sent: 1, dead: 1 });
    expect([...world.state.ended.values()].map(({ state, attempts }) => [state, attempts])).toEqual([
      ['sent', 1],
      ['dead', 3],
    ]);
    expect(world.state.pending.size).toBe(0);
  });

  it('does not send again what is in the log twice', () => {
    const world = new DeciderWorld();
    world.event('error');
    const [queued] = world.decideAndAppend();
    if (queued === undefined) throw new Error('nothing was queued');
    world.append({ type: 'notification.sent', ...verdict, id: queued.id, attempts: 1 });
    world.append(queued);
    expect(world.state.pending.size).toBe(0);
  });

  it('keeps what was recorded before it is in the log for the second time', () => {
    const world = new DeciderWorld();
    world.event('error');
    const [queued] = world.decideAndAppend();
    if (queued === undefined) throw new Error('nothing was queued');
    world.event('error');
    world.append(queued);
    expect([...world.state.groups.values()].map(({ held }) => held?.count)).toEqual([1]);
  });

  it('forgets a group once its interval is over and nothing is held', () => {
    const world = new DeciderWorld();
    world.event('error');
    world.decideAndAppend();
    prune(world.state, world.now + interval - 1);
    expect(world.state.groups.size).toBe(1);
    prune(world.state, world.now + interval);
    expect(world.state.groups.size).toBe(0);
  });
});

describe('an event of the hub about its own mail', () => {
  const own = (channel: string, severity: 'error' | 'info', position: number): RecordedEvent => {
    const time = '2026-01-02T03:04:05.000Z';
    return { ...eventOf(hubEvent('mail', severity, 'm'), channel, time, time), position };
  };

  it('is never mailed, and tells when mail was paused and when not', () => {
    const { state, ...world } = new DeciderWorld();
    evolve(state, own('hub', 'error', 2));
    expect(state.mailFlow).toEqual({ isPaused: true, resumedAt: 0 });
    evolve(state, own('hub', 'info', 3));
    expect(state.mailFlow).toEqual({ isPaused: false, resumedAt: Date.parse('2026-01-02T03:04:05.000Z') });
    expect(state.groups.size).toBe(0);
    expect(world.records).toHaveLength(1);
  });

  it('is believed from the hub alone', () => {
    const { state } = new DeciderWorld();
    evolve(state, own('tcp', 'error', 2));
    expect(state.mailFlow.isPaused).toBe(false);
    expect(state.groups.size).toBe(1);
  });
});

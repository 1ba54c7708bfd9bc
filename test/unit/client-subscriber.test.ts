import { describe, expect, it, vi } from 'vitest';
import { anEvent } from '../support/fake-socket.ts';
import { hello, probeSubscription } from '../support/subscription-probe.ts';

describe('subscribe', () => {
  it('subscribes by a frame, with the filter and no place when none was given', () => {
    const probe = probeSubscription({ filter: { q: 'severity>=error', channel: 'tcp' } });
    expect(probe.last().url).toBe('ws://hub/ws?subscribe=0');
    probe.last().receive(hello);
    expect(probe.last().sent).toEqual([{ type: 'subscribe', q: 'severity>=error', channel: 'tcp' }]);
  });

  it('asks for records of another type by another name, since a frame has a type itself', () => {
    const probe = probeSubscription({ filter: { type: '*' } });
    probe.last().receive(hello);
    expect(probe.last().sent).toEqual([{ type: 'subscribe', types: '*' }]);
  });

  it('subscribes after the cursor that it was given, in its epoch', () => {
    const probe = probeSubscription({ cursor: { epoch: 'e1', position: 4 } });
    probe.last().receive(hello);
    expect(probe.last().sent).toEqual([{ type: 'subscribe', after: 4, epoch: 'e1' }]);
  });

  it('sends the token as a header', () => {
    const probe = probeSubscription({ token: 'secret' });
    expect(probe.last().headers).toEqual({ Authorization: 'Bearer secret' });
  });

  it('tells each state in turn', () => {
    const probe = probeSubscription();
    probe.greet(7);
    probe.last().receive({ type: 'events', events: [anEvent(8)] }, { type: 'caught_up', position: 9 });
    expect(probe.statuses).toEqual([
      { state: 'connecting', attempt: 1 },
      { state: 'catching_up', epoch: 'e1', head: 9, first: 1 },
      { state: 'live', position: 9 },
    ]);
  });

  it.each([
    ['the hello', [], 7],
    ['an event', [{ type: 'events', events: [anEvent(8), anEvent(12)] }], 12],
    ['the end of history', [{ type: 'caught_up', position: 30 }], 30],
    ['a checkpoint', [{ type: 'checkpoint', position: 500 }], 500],
  ])('resumes after %s', (_, frames, position) => {
    const probe = probeSubscription({ filter: { source: 'a' } });
    probe.greet(7);
    probe.last().receive(...frames);
    probe.last().break();
    vi.advanceTimersByTime(250);
    probe.last().receive(hello);
    expect(probe.sockets).toHaveLength(2);
    expect(probe.last().sent).toEqual([{ type: 'subscribe', source: 'a', after: position, epoch: 'e1' }]);
  });

  it('does not take the place where a slow subscriber was left for one that it has looked at', () => {
    const probe = probeSubscription();
    probe.greet(7);
    probe.last().receive({ type: 'caught_up', position: 7 }, { type: 'fell_behind', position: 90 });
    expect(probe.subscription.cursor()).toEqual({ epoch: 'e1', position: 7 });
    expect(probe.statuses.at(-1)).toMatchObject({ state: 'catching_up' });
  });

  it('gives nothing at or below its cursor again', () => {
    const probe = probeSubscription({ cursor: { position: 5 } });
    probe.greet(5);
    probe.last().receive({ type: 'events', events: [anEvent(5), anEvent(6)] });
    probe.last().receive({ type: 'events', events: [anEvent(6), anEvent(7)] });
    expect(probe.received).toEqual([6, 7]);
  });

  it('has moved its cursor past the events before it gives them', () => {
    const seen: unknown[] = [];
    const probe = probeSubscription({ onEvents: () => seen.push(probe.subscription.cursor()) });
    probe.greet(7);
    probe.last().receive({ type: 'events', events: [anEvent(8)] });
    expect(seen).toEqual([{ epoch: 'e1', position: 8 }]);
  });

  it('fixes a span once, so that a resumed subscription begins no later than the first', () => {
    const probe = probeSubscription({ filter: { since: '15m' } });
    probe.greet(3);
    vi.advanceTimersByTime(1_000);
    probe.last().break();
    vi.advanceTimersByTime(250);
    probe.last().receive(hello);
    const since = '2025-05-31T23:45:00.000Z';
    expect(probe.sockets[0]?.sent[0]).toMatchObject({ since });
    expect(probe.sockets[1]?.sent[0]).toMatchObject({ since, after: 3 });
  });

  describe('a subscription that is replaced', () => {
    it('lets nothing of the old filter through while the new hello is awaited', () => {
      const probe = probeSubscription({ cursor: { position: 0 } });
      probe.greet(0);
      probe.subscription.subscribe({ source: 'b' }, { epoch: 'e1', position: 0 });
      probe.last().receive({ type: 'events', events: [anEvent(1)] }, { type: 'checkpoint', position: 9 });
      expect(probe.received).toEqual([]);
      expect(probe.subscription.cursor()).toEqual({ epoch: 'e1', position: 0 });
      probe.last().receive({ ...hello, after: 0 }, { type: 'events', events: [anEvent(2)] });
      expect(probe.received).toEqual([2]);
    });

    it('waits for the last of several hellos', () => {
      const probe = probeSubscription({ cursor: { position: 0 } });
      probe.greet(0);
      probe.subscription.subscribe({ source: 'b' }, { position: 0 });
      probe.subscription.subscribe({ source: 'c' }, { position: 0 });
      probe.last().receive({ ...hello, after: 0 }, { type: 'events', events: [anEvent(1)] });
      expect(probe.received).toEqual([]);
      probe.last().receive({ ...hello, after: 0 }, { type: 'events', events: [anEvent(2)] });
      expect(probe.received).toEqual([2]);
    });

    it('takes its place from its own hello alone', () => {
      const probe = probeSubscription({ cursor: { position: 0 } });
      probe.greet(0);
      probe.subscription.subscribe({ source: 'b' }, { position: 50 });
      probe.subscription.subscribe({ source: 'c' }, { position: 3 });
      probe.last().receive({ ...hello, after: 50 }, { ...hello, after: 3 }, { type: 'events', events: [anEvent(4)] });
      expect(probe.received).toEqual([4]);
    });

    it('begins anew from now when no cursor is given', () => {
      const probe = probeSubscription({ cursor: { position: 0 } });
      probe.greet(0);
      probe.subscription.subscribe({ source: 'b' });
      expect(probe.last().sent.at(-1)).toEqual({ type: 'subscribe', source: 'b' });
      expect(probe.subscription.cursor()).toBeNull();
    });

    it('is asked for on the next connection when there is none', () => {
      const probe = probeSubscription();
      probe.subscription.subscribe({ source: 'b' }, { position: 3 });
      probe.last().receive(hello);
      expect(probe.last().sent).toEqual([{ type: 'subscribe', source: 'b', after: 3 }]);
    });
  });

  it('tells nothing more once it is closed', () => {
    const probe = probeSubscription();
    probe.greet(7);
    probe.subscription.close();
    const before = probe.statuses.length;
    probe.last().receive({ type: 'events', events: [anEvent(8)] });
    probe.last().break();
    probe.subscription.close();
    probe.subscription.retryNow();
    expect(probe.received).toEqual([]);
    expect(probe.statuses.slice(before - 1)).toEqual([
      { state: 'closed', code: 'closed', reason: 'closed by the caller' },
    ]);
    expect(probe.sockets).toHaveLength(1);
  });
});

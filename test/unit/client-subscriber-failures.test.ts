import { describe, expect, it, vi } from 'vitest';
import { hello, probeSubscription } from '../support/subscription-probe.ts';

describe('subscribe, when things go wrong', () => {
  describe('a connection that ends', () => {
    it.each([1006, 1012, 4408, 4429, 1009])('with %d is made again', (code) => {
      const probe = probeSubscription();
      probe.last().break(code);
      expect(probe.statuses.at(-1)).toMatchObject({ state: 'waiting' });
      vi.advanceTimersByTime(250);
      expect(probe.sockets).toHaveLength(2);
    });

    it.each([
      [4401, '', 'unauthorized'],
      [4403, '', 'forbidden'],
      [4410, '', 'wrong_epoch'],
      [4410, 'gone: position 3 is below first 90', 'gone'],
    ])('with %d %s is not', (closeCode, reason, code) => {
      const probe = probeSubscription();
      probe.last().break(closeCode, reason);
      expect(probe.statuses.at(-1)).toMatchObject({ state: 'closed', code });
      vi.advanceTimersByTime(60_000);
      expect(probe.sockets).toHaveLength(1);
    });

    it('is not made again when the upgrade was refused for want of a token', () => {
      const probe = probeSubscription();
      probe.last().fire('error', { message: 'Unexpected server response: 401' });
      probe.last().break();
      expect(probe.statuses.at(-1)).toMatchObject({ state: 'closed', code: 'unauthorized' });
    });

    it('waits longer each time, never over the bound, and anew after it was live', () => {
      vi.spyOn(Math, 'random').mockReturnValue(1);
      const probe = probeSubscription({ backoff: { baseMs: 100, maxMs: 300 } });
      const waits = (): number => {
        const status = probe.statuses.at(-1);
        return status?.state === 'waiting' ? status.retryAt - Date.now() : -1;
      };
      const seen: number[] = [];
      for (let attempt = 1; attempt <= 4; attempt += 1) {
        probe.last().break();
        seen.push(waits());
        vi.advanceTimersByTime(300);
      }
      probe.greet(7);
      probe.last().receive({ type: 'caught_up', position: 7 });
      probe.last().break();
      expect([...seen, waits()]).toEqual([100, 200, 300, 300, 100]);
    });

    it('is made again at once on retryNow', () => {
      const probe = probeSubscription();
      probe.last().break();
      probe.subscription.retryNow();
      expect(probe.sockets).toHaveLength(2);
      vi.advanceTimersByTime(9_000);
      expect(probe.sockets).toHaveLength(2);
    });

    it('counts an address that cannot be found as a failed attempt', () => {
      let isRunning = false;
      const probe = probeSubscription({
        url: () => {
          if (isRunning) return 'ws://hub/ws';
          throw new Error('the hub is not running');
        },
      });
      vi.advanceTimersByTime(0);
      expect(probe.statuses.at(-1)).toMatchObject({ state: 'waiting', reason: 'the hub is not running' });
      isRunning = true;
      vi.advanceTimersByTime(250);
      expect(probe.sockets).toHaveLength(1);
    });
  });

  describe('an error from the hub', () => {
    it.each(['invalid_query', 'invalid_request', 'gone', 'wrong_epoch', 'unauthorized'])('of %s ends it', (code) => {
      const probe = probeSubscription();
      probe.last().receive(hello, { type: 'error', code, error: 'because' });
      expect(probe.statuses.at(-1)).toEqual({ state: 'closed', code, reason: 'because' });
      expect(probe.last().ended).toBe('closed');
    });

    it('that may pass is waited out', () => {
      const probe = probeSubscription();
      probe.last().receive(hello, { type: 'error', code: 'unavailable', error: 'the log is being reopened' });
      expect(probe.statuses.at(-1)).toMatchObject({ state: 'waiting', reason: 'the log is being reopened' });
    });

    it('refuses a hub that has come back with another log, whatever it says itself', () => {
      const probe = probeSubscription({ cursor: { epoch: 'e0', position: 4 } });
      probe.last().receive(hello);
      expect(probe.statuses.at(-1)).toMatchObject({ state: 'closed', code: 'wrong_epoch' });
      expect(probe.last().sent).toEqual([]);
    });
  });

  it('reads again when it is closed while paused, or it would not see the closing answered', () => {
    const probe = probeSubscription();
    probe.greet(7);
    probe.subscription.pause();
    probe.subscription.close();
    expect(probe.last()).toMatchObject({ isPaused: false, ended: 'closed' });
  });

  describe('a dead link', () => {
    it('is given up when the hub does not greet', () => {
      const probe = probeSubscription();
      probe.last().fire('open');
      vi.advanceTimersByTime(9_999);
      expect(probe.last().ended).toBeUndefined();
      vi.advanceTimersByTime(1);
      expect(probe.last().ended).toBe('cut');
    });

    it('is given up when a silent hub does not answer whether it is there', () => {
      const probe = probeSubscription();
      probe.greet(7);
      vi.advanceTimersByTime(20_000);
      expect(probe.last().sent.at(-1)).toEqual({ type: 'ping', ref: 'ping' });
      vi.advanceTimersByTime(10_000);
      expect(probe.sockets[0]?.ended).toBe('cut');
      expect(probe.statuses.at(-1)).toMatchObject({ state: 'waiting', reason: 'the hub does not answer' });
    });

    it.each([{ ref: 'ping' }, {}])('is not seen in a hub that answers, error or not (%o)', (ref) => {
      const probe = probeSubscription();
      probe.greet(7);
      for (let round = 0; round < 5; round += 1) {
        vi.advanceTimersByTime(20_000);
        probe.last().receive({ type: 'error', code: 'invalid_request', error: 'type: unknown', ...ref });
      }
      expect(probe.sockets).toHaveLength(1);
      expect(probe.last().sent).toHaveLength(6);
    });

    it('is looked for at once on retryNow', () => {
      const probe = probeSubscription();
      probe.greet(7);
      probe.subscription.retryNow();
      vi.advanceTimersByTime(10_000);
      expect(probe.sockets[0]?.ended).toBe('cut');
    });

    it('is not suspected while the caller does not want to read', () => {
      const probe = probeSubscription();
      probe.greet(7);
      probe.subscription.pause();
      expect(probe.last().isPaused).toBe(true);
      vi.advanceTimersByTime(3_600_000);
      expect(probe.sockets).toHaveLength(1);
      probe.subscription.resume();
      vi.advanceTimersByTime(20_000);
      expect(probe.last().sent.at(-1)).toEqual({ type: 'ping', ref: 'ping' });
      expect(probe.last().isPaused).toBe(false);
    });
  });
});

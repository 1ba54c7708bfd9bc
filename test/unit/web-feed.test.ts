import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { windowLimit } from '../../web/state/feed.ts';
import { Paging } from '../../web/state/paging.ts';
import { eventsBetween, FeedProbe } from '../support/web-feed.ts';
import { rowsBetween } from '../support/web-rows.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('Feed', () => {
  it('reads the newest page and follows from its head on', async () => {
    const probe = new FeedProbe();
    await probe.show('severity:error', 8, 9);
    expect(probe.asked[0]?.request).toMatchObject({ q: 'severity:error' });
    expect(probe.followed).toEqual([['severity:error', { epoch: 'e1', position: 9 }]]);
    expect(probe.positions()).toEqual([9, 8]);
  });

  it('moves the one subscription to the next search', async () => {
    const probe = new FeedProbe();
    await probe.show('', 1, 9);
    await probe.show('link', 3, 4);
    expect(probe.opened).toBe(1);
    expect(probe.followed.at(-1)).toEqual(['link', { epoch: 'e1', position: 4 }]);
    expect(probe.positions()).toEqual([4, 3]);
  });

  it('leaves a search that another one overtook', async () => {
    const probe = new FeedProbe();
    void probe.feed.search('slow');
    const [slow] = probe.asked;
    await probe.show('quick', 1, 2);
    await slow?.answer({ rows: rowsBetween(5, 6), head: 6 });
    expect(slow?.signal.aborted).toBe(true);
    expect(probe.feed.shown.value).toBe('quick');
    expect(probe.positions()).toEqual([2, 1]);
  });

  it('keeps the list of a search that is right when the next one is not', async () => {
    const probe = new FeedProbe();
    await probe.show('', 1, 2);
    void probe.feed.search('((');
    await probe.last.fail('invalid_query');
    expect(probe.refusals).toEqual(['invalid_query it is']);
    expect(probe.positions()).toEqual([2, 1]);
    expect(probe.feed.outcome.value.kind).toBe('ready');
  });

  it('tries again, after longer and longer, while the hub does not answer', async () => {
    const probe = new FeedProbe();
    void probe.feed.search('');
    await probe.last.fail('unreachable');
    expect(probe.feed.outcome.value).toMatchObject({ kind: 'failed', code: 'unreachable', retryAt: Date.now() + 1000 });
    vi.advanceTimersByTime(1000);
    await probe.last.fail('unreachable');
    expect(probe.feed.outcome.value).toMatchObject({ retryAt: Date.now() + 2000 });
    vi.advanceTimersByTime(2000);
    expect(probe.asked).toHaveLength(3);
  });

  it('does not ask again for a query that the hub refuses', async () => {
    const probe = new FeedProbe();
    void probe.feed.search('((');
    await probe.last.fail('invalid_query');
    vi.advanceTimersByTime(60_000);
    expect(probe.asked).toHaveLength(1);
    expect(probe.feed.outcome.value).toMatchObject({ kind: 'failed', retryAt: Infinity });
  });

  it('lets what waited in when the reader resumes', async () => {
    const probe = new FeedProbe();
    await probe.show('', 1, 2);
    probe.hold.toggle();
    probe.handlers?.onEvents(eventsBetween(3, 4, 'critical'));
    expect(probe.positions()).toEqual([2, 1]);
    expect(probe.feed.waiting.value).toEqual({ total: 2, critical: 2 });
    probe.hold.resume();
    probe.feed.reveal();
    expect(probe.positions()).toEqual([4, 3, 2, 1]);
  });

  it('reads the newest page again when more waited than is kept', async () => {
    const probe = new FeedProbe();
    await probe.show('', 1, 2);
    probe.hold.toggle();
    probe.handlers?.onEvents(eventsBetween(3, windowLimit * 2));
    probe.hold.resume();
    probe.feed.reveal();
    const head = windowLimit * 2;
    await probe.last.answer({ head, rows: rowsBetween(head - 4, head).reverse(), next: head - 4 });
    expect(probe.feed.window.rowAt(0)?.position).toBe(head);
    expect(probe.feed.waiting.value.total).toBe(0);
    expect(probe.followed).toHaveLength(1);
  });

  it('starts over in another log, whose positions begin anew', async () => {
    const probe = new FeedProbe();
    await probe.show('', 1, 9);
    probe.handlers?.onStatus({ state: 'closed', code: 'wrong_epoch', reason: '' });
    await probe.last.answer({ epoch: 'e2', head: 2, rows: rowsBetween(1, 2).reverse() });
    expect(probe.positions()).toEqual([2, 1]);
    expect(probe.followed.at(-1)).toEqual(['', { epoch: 'e2', position: 2 }]);
    probe.handlers?.onEvents(eventsBetween(3, 3));
    expect(probe.positions()).toEqual([3, 2, 1]);
  });

  it('reads the newest page instead of all that was missed in a long absence', async () => {
    const probe = new FeedProbe();
    await probe.show('', 1, 9);
    probe.cursor = { epoch: 'e1', position: 9 };
    probe.handlers?.onStatus({ state: 'waiting', retryAt: 0, reason: '' });
    probe.handlers?.onStatus({ state: 'catching_up', epoch: 'e1', head: 9 + windowLimit + 1, first: 1 });
    expect(probe.asked).toHaveLength(2);
  });

  it('takes what was missed in a short absence as it comes', async () => {
    const probe = new FeedProbe();
    await probe.show('', 1, 9);
    probe.cursor = { epoch: 'e1', position: 9 };
    probe.handlers?.onStatus({ state: 'waiting', retryAt: 0, reason: '' });
    probe.handlers?.onStatus({ state: 'catching_up', epoch: 'e1', head: 500, first: 1 });
    expect(probe.asked).toHaveLength(1);
  });

  it('knows since when it may miss events, until it is live again', async () => {
    const probe = new FeedProbe();
    await probe.show('', 1, 9);
    const lostAt = Date.now();
    probe.handlers?.onStatus({ state: 'waiting', retryAt: 0, reason: '' });
    vi.advanceTimersByTime(500);
    probe.handlers?.onStatus({ state: 'waiting', retryAt: 0, reason: '' });
    expect(probe.feed.connection.lostAt.value).toBe(lostAt);
    probe.handlers?.onStatus({ state: 'live', position: 9 });
    expect(probe.feed.connection.lostAt.value).toBeNull();
  });

  it('holds the list in a flood, and follows again after it', async () => {
    const probe = new FeedProbe();
    await probe.show('', 1, 1);
    for (let second = 0; second < 3; second += 1) {
      probe.handlers?.onEvents(eventsBetween(2 + second * 500, 501 + second * 500));
      vi.advanceTimersByTime(1000);
    }
    probe.feed.tick();
    expect(probe.hold.isCounting.value).toBe(true);
    vi.advanceTimersByTime(1000);
    probe.feed.tick();
    vi.advanceTimersByTime(1000);
    probe.feed.tick();
    expect(probe.hold.isHeld.value).toBe(false);
  });
});

describe('Paging', () => {
  it('adds the page before the oldest row', async () => {
    const probe = new FeedProbe();
    const paging = new Paging(probe.feed, probe.readPage);
    await probe.show('link', 8, 9);
    void paging.loadOlder();
    expect(probe.last.request).toMatchObject({ q: 'link', before: 8 });
    await probe.last.answer({ rows: rowsBetween(6, 7).reverse(), next: 6 });
    expect(probe.positions()).toEqual([9, 8, 7, 6]);
  });

  it('asks for one page at a time', async () => {
    const probe = new FeedProbe();
    const paging = new Paging(probe.feed, probe.readPage);
    await probe.show('', 8, 9);
    void paging.loadOlder();
    void paging.loadOlder();
    expect(probe.asked).toHaveLength(2);
  });

  it('leaves a page of a search that was left', async () => {
    const probe = new FeedProbe();
    const paging = new Paging(probe.feed, probe.readPage);
    await probe.show('', 8, 9);
    void paging.loadOlder();
    const older = probe.last;
    await probe.show('link', 3, 4);
    await older.answer({ rows: rowsBetween(6, 7).reverse(), next: 6 });
    expect(probe.positions()).toEqual([4, 3]);
  });

  it('rests after a failure and then tries again by itself', async () => {
    const probe = new FeedProbe();
    const paging = new Paging(probe.feed, probe.readPage);
    await probe.show('', 8, 9);
    void paging.loadOlder();
    await probe.last.fail('unavailable');
    expect(paging.state.value).toBe('failed');
    await paging.loadOlder();
    expect(probe.asked).toHaveLength(2);
    vi.advanceTimersByTime(5000);
    expect(paging.state.value).toBe('idle');
  });
});

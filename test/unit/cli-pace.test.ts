import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GiveUp } from '../../src/cli/give-up.ts';
import { counted, perSecond, spanInWords } from '../../src/cli/numbers.ts';
import { Output } from '../../src/cli/output.ts';
import { Pace } from '../../src/cli/pace.ts';
import { Progress } from '../../src/cli/progress.ts';
import { anEvent } from '../support/fake-socket.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('Pace', () => {
  const at = (seconds: number, fields = {}) =>
    anEvent(1, { time: new Date(seconds * 1_000).toISOString(), receivedAt: new Date(1e12).toISOString(), ...fields });

  it.each([
    [1, 10_000],
    [10, 1_000],
    [Infinity, 0],
  ])('at speed %d waits %d ms for what came 10 s later', (speed, waitMs) => {
    const pace = new Pace(speed);
    expect(pace.waitMs(at(100), 5_000)).toBe(0);
    expect(pace.waitMs(at(110), 5_000)).toBe(waitMs);
  });

  it('makes up for the time that sending has taken', () => {
    const pace = new Pace(1);
    pace.waitMs(at(100), 5_000);
    expect(pace.waitMs(at(110), 12_000)).toBe(3_000);
  });

  it('lets out at once what is older than what came before', () => {
    const pace = new Pace(1);
    pace.waitMs(at(100), 5_000);
    expect(pace.waitMs(at(40), 5_000)).toBeLessThan(0);
  });

  it('does not wait for a clock that was ahead of the hub', () => {
    const pace = new Pace(1);
    pace.waitMs(at(100), 5_000);
    const early = at(4e9, { receivedAt: new Date(103_000).toISOString() });
    expect(pace.waitMs(early, 5_000)).toBe(3_000);
  });

  it('waits no longer once it is not wanted any more', async () => {
    const stopped = new AbortController();
    const pace = new Pace(1);
    await pace.turnOf(at(100), stopped.signal);
    const turn = pace.turnOf(at(200), stopped.signal);
    stopped.abort();
    await turn;
  });
});

describe('GiveUp', () => {
  it('tells when nothing has moved for so long, and not before', () => {
    const onGiveUp = vi.fn();
    const giveUp = new GiveUp(1_000, onGiveUp);
    giveUp.watch();
    vi.advanceTimersByTime(900);
    giveUp.moved();
    giveUp.watch();
    vi.advanceTimersByTime(999);
    expect(onGiveUp).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onGiveUp).toHaveBeenCalledOnce();
  });

  it('does not count while nothing is waited for', () => {
    const onGiveUp = vi.fn();
    const giveUp = new GiveUp(1_000, onGiveUp);
    giveUp.watch();
    giveUp.rest();
    vi.advanceTimersByTime(5_000);
    giveUp.watch();
    vi.advanceTimersByTime(999);
    expect(onGiveUp).not.toHaveBeenCalled();
  });
});

describe('Progress', () => {
  function on(isTTY: boolean) {
    const written: string[] = [];
    let count = 0;
    const stream = { isTTY, columns: 12, write: (text: string) => written.push(text) };
    const progress = new Progress(stream, () => `done ${(count += 1)} of many`);
    progress.start();
    return { progress, written };
  }

  it('rewrites one line in place on a terminal, no wider than that', () => {
    const { progress, written } = on(true);
    vi.advanceTimersByTime(700);
    progress.stop();
    expect(written).toEqual(['\r\u001b[2Kdone 1 of m', '\r\u001b[2Kdone 2 of m', '\r\u001b[2K']);
  });

  it('puts a line that stays above it', () => {
    const { progress, written } = on(true);
    vi.advanceTimersByTime(500);
    progress.note('line 3: refused');
    progress.stop();
    expect(written.slice(1)).toEqual(['\r\u001b[2K', 'line 3: refused\n']);
  });

  it('writes a line now and then where it cannot be rewritten', () => {
    const { progress, written } = on(false);
    vi.advanceTimersByTime(15_000);
    progress.stop();
    vi.advanceTimersByTime(60_000);
    expect(written).toEqual(['done 1 of many\n', 'done 2 of many\n']);
  });

  it('says nothing of what is over at once', () => {
    const { progress, written } = on(false);
    vi.advanceTimersByTime(4_999);
    progress.stop();
    expect(written).toEqual([]);
  });
});

describe('Output', () => {
  it('says when there is no more room, and when there is again', async () => {
    const stream = new PassThrough({ highWaterMark: 8 });
    const output = new Output(stream, () => undefined);
    expect(output.line('1234567890')).toBe(false);
    let isReady = false;
    const ready = output.ready().then(() => (isReady = true));
    await Promise.resolve();
    expect(isReady).toBe(false);
    stream.resume();
    await ready;
    expect(output.line('1')).toBe(true);
  });

  it('tells once that the reader has gone, and goes on', async () => {
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const stream = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => done(gone) });
    const onGone = vi.fn();
    const output = new Output(stream, onGone);
    output.line('a');
    await output.ready();
    await vi.waitFor(() => {
      expect(onGone).toHaveBeenCalledOnce();
    });
    expect(output.line('b')).toBe(true);
  });
});

describe('numbers in words', () => {
  it.each([
    [30_000, '30 s'],
    [90_000, '90 s'],
    [3_600_000, '1 h'],
    [86_400_000, '1 day'],
    [172_800_000, '2 days'],
    [1_500, '1.5 s'],
  ])('%d ms are %s', (ms, words) => {
    expect(spanInWords(ms)).toBe(words);
  });

  it('counts', () => {
    expect([counted(1, 'event'), counted(12_000, 'event')]).toEqual(['1 event', '12,000 events']);
    expect([perSecond(500, 250), perSecond(1, 0)]).toEqual(['2,000/s', '1,000/s']);
  });
});

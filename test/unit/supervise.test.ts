import { NEVER, Subject, tap, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogRecord } from '../../src/pipeline/record.ts';
import { supervised } from '../../src/pipeline/supervise.ts';

describe('a supervised sink', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is started anew after each failure, later each time, at most 10 s later', () => {
    const startedAt: number[] = [];
    const begin = Date.now();
    const failures: unknown[] = [];
    const sink = () => {
      startedAt.push(Date.now() - begin);
      return throwError(() => new Error('broken'));
    };
    const subscription = supervised(sink, NEVER, (error) => failures.push(error)).subscribe();
    vi.advanceTimersByTime(40_000);
    subscription.unsubscribe();
    const waits = startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0));
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
    expect(failures).toHaveLength(startedAt.length);
  });

  it('leaves another one alone when it fails', () => {
    const recorded$ = new Subject<readonly LogRecord[]>();
    let batches = 0;
    const broken = supervised(
      () => throwError(() => new Error('broken')),
      recorded$,
      () => undefined,
    ).subscribe();
    const sound = supervised(
      (batch$) => batch$.pipe(tap(() => (batches += 1))),
      recorded$,
      () => undefined,
    ).subscribe();
    recorded$.next([]);
    recorded$.next([]);
    expect(batches).toBe(2);
    broken.unsubscribe();
    sound.unsubscribe();
  });

  it('completes, and is not started again, when its stream fails', () => {
    const recorded$ = new Subject<readonly LogRecord[]>();
    const failures: unknown[] = [];
    let isComplete = false;
    supervised(
      (batch$) => batch$,
      recorded$,
      (error) => failures.push(error),
    ).subscribe({ complete: () => (isComplete = true) });
    recorded$.error(new Error('port taken'));
    expect({ isComplete, failures }).toEqual({ isComplete: true, failures: [] });
    expect(vi.getTimerCount()).toBe(0);
  });
});

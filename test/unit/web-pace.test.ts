import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paced } from '../../web/state/pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A schedule whose frames come when the test says so, and what was run in them. */
function scheduleOf(restMs: () => number) {
  const ran: string[] = [];
  let frame: (() => void) | null = null;
  const ask = paced((run) => (frame = run), restMs);
  return {
    ran,
    ask: (name: string) => ask(() => ran.push(name)),
    draw: () => {
      const run = frame;
      frame = null;
      run?.();
    },
  };
}

describe('paced', () => {
  it('runs the last of what was asked for, once, with the next frame', () => {
    const { ran, ask, draw } = scheduleOf(() => 0);
    ask('one');
    ask('two');
    expect(ran).toEqual([]);
    draw();
    draw();
    expect(ran).toEqual(['two']);
  });

  it('rests after a run, and then takes the next frame', () => {
    const { ran, ask, draw } = scheduleOf(() => 100);
    ask('one');
    draw();
    vi.advanceTimersByTime(40);
    ask('two');
    vi.advanceTimersByTime(59);
    draw();
    expect(ran).toEqual(['one']);
    vi.advanceTimersByTime(1);
    draw();
    expect(ran).toEqual(['one', 'two']);
  });

  it('runs at once what comes after the rest', () => {
    const { ran, ask, draw } = scheduleOf(() => 100);
    ask('one');
    draw();
    vi.advanceTimersByTime(100);
    ask('two');
    draw();
    expect(ran).toEqual(['one', 'two']);
  });

  it('rests no longer once there is no reason to', () => {
    let rest = 100;
    const { ran, ask, draw } = scheduleOf(() => rest);
    ask('one');
    draw();
    rest = 0;
    ask('two');
    draw();
    expect(ran).toEqual(['one', 'two']);
  });
});

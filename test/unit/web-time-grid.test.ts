import { describe, expect, it } from 'vitest';
import { stepFor, stepsMs, ticksOf, timeGrid, type GridRequest } from '../../web/state/time-grid.ts';

const hourMs = 3_600_000;
const now = Date.parse('2026-03-01T12:00:07Z');
const open = { from: null, to: null };
const gridOf = (request: Partial<GridRequest>) =>
  timeGrid({ stretch: open, rangeMs: hourMs, now, most: 120, zoneMs: 0, ...request });

describe('the grid of times', () => {
  it('covers all of the range up to now, and a part of a bucket more', () => {
    const { from, to, step, count, isOpen } = gridOf({});
    expect(step).toBe(30_000);
    expect(from).toBe(Date.parse('2026-03-01T11:00:00Z'));
    expect(to).toBe(Date.parse('2026-03-01T12:00:30Z'));
    expect(count).toBe(121);
    expect(isOpen).toBe(true);
  });

  it('stays where it is until a bucket is full', () => {
    expect(gridOf({ now: now + 22_000 })).toEqual(gridOf({}));
    expect(gridOf({ now: now + 23_000 }).from).toBe(gridOf({}).from + 30_000);
  });

  it('covers exactly a stretch that was cut out of another grid, in finer buckets', () => {
    const whole = gridOf({});
    const stretch = { from: whole.from + 3 * whole.step, to: whole.from + 7 * whole.step };
    const part = gridOf({ stretch });
    expect(part).toEqual({ ...stretch, step: 1_000, count: 120, isOpen: false });
  });

  it.each([
    ['ends before it begins', { from: now, to: now - hourMs }],
    ['has not begun', { from: now + hourMs, to: now + 2 * hourMs }],
    ['is a millisecond', { from: now - 1, to: now }],
    ['is all of history', { from: -62_135_596_800_000, to: null }],
  ])('has at least one bucket and no more than asked for where the stretch %s', (_, stretch) => {
    const { from, to, step, count } = gridOf({ stretch, most: 60 });
    expect(count).toBeGreaterThanOrEqual(1);
    expect(count).toBeLessThanOrEqual(62);
    expect(to - from).toBe(count * step);
  });

  it('begins days where the reader’s begin', () => {
    const zoneMs = -5 * hourMs;
    const { from, step } = gridOf({ rangeMs: 30 * 24 * hourMs, most: 40, zoneMs });
    expect(step).toBe(24 * hourMs);
    expect(new Date(from).getUTCHours()).toBe(5);
  });

  it('has round ticks inside of it, few enough to be read', () => {
    const ticks = ticksOf(gridOf({}), 5, 0).map((tick) => new Date(tick).toISOString().slice(11, 16));
    expect(ticks).toEqual(['11:00', '11:15', '11:30', '11:45', '12:00']);
  });

  it('takes the narrowest step that is wide enough', () => {
    expect(stepFor(hourMs, 60)).toBe(60_000);
    expect(stepFor(hourMs, 59)).toBe(120_000);
    expect(stepFor(Number.MAX_SAFE_INTEGER, 1)).toBe(stepsMs.at(-1));
  });
});

import { describe, expect, it } from 'vitest';
import { linePoints, noCounts, stacked, sumOf, totalOf } from '../../web/state/counts.ts';

describe('counts', () => {
  it('add up by severity and over all', () => {
    const sum = sumOf([
      { info: 1, warning: 2, error: 3, critical: 4 },
      { info: 10, warning: 0, error: 0, critical: 1 },
    ]);
    expect(sum).toEqual({ info: 11, warning: 2, error: 3, critical: 5 });
    expect(totalOf(sum)).toBe(21);
    expect(sumOf([])).toEqual(noCounts);
  });

  it('stand on one another, the mildest lowest, and none that is there is too low to be seen', () => {
    const bars = stacked([{ info: 100, warning: 0, error: 10, critical: 1 }, noCounts], 5);
    expect(bars).toEqual([
      [100, 0],
      [100, 0],
      [110, 0],
      [115, 0],
    ]);
  });
});

describe('the points of a line', () => {
  it('are the values themselves where there are few', () => {
    expect(linePoints([1, 0, 2], 30, 0, false)).toEqual([1, 0, 2]);
  });

  it('add up neighbours, and the same ones after the line has moved on', () => {
    expect(linePoints([1, 2, 3, 4], 2, 10, false)).toEqual([3, 7]);
    expect(linePoints([2, 3, 4, 5], 2, 11, false)).toEqual([2, 7, 5]);
  });

  it('leave out a last value that is still growing, unless it is already the higher one', () => {
    expect(linePoints([5, 5, 1], 30, 0, true)).toEqual([5, 5]);
    expect(linePoints([5, 5, 6], 30, 0, true)).toEqual([5, 5, 6]);
    expect(linePoints([5, 5, 1], 30, 0, false)).toEqual([5, 5, 1]);
  });

  it('are none where nothing happened', () => {
    expect(linePoints([0, 0, 0], 30, 0, true)).toEqual([]);
  });
});

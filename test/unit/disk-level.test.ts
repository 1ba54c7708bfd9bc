import { describe, expect, it } from 'vitest';
import { diskLevel } from '../../src/sinks/sqlite/disk-level.ts';

const mebibyte = 1024 * 1024;

/** Levels as space shrinks and grows again, in MiB. */
function levels(total: number, free: readonly number[]): readonly string[] {
  let level: ReturnType<typeof diskLevel> = 'enough';
  return free.map((each) => (level = diskLevel({ free: each * mebibyte, total: total * mebibyte }, level)));
}

describe('the level of a disk', () => {
  it.each([
    [
      'a large disk',
      100_000,
      [1_024, 1_023, 64, 63, 64, 1_279, 1_280],
      ['enough', 'low', 'low', 'full', 'low', 'low', 'enough'],
    ],
    [
      'a disk of 200 MiB',
      200,
      [199, 50, 49, 25, 24, 25, 63],
      ['enough', 'enough', 'low', 'low', 'full', 'low', 'enough'],
    ],
    ['a disk of 16 MiB', 16, [15, 4, 3, 2, 1, 16], ['enough', 'enough', 'low', 'low', 'full', 'enough']],
  ])('on %s follows what is free', (_, total, free, expected) => {
    expect(levels(total, free)).toEqual(expected);
  });

  it('is never full where a file system does not say how large it is', () => {
    expect(diskLevel({ free: 0, total: 0 }, 'enough')).toBe('enough');
  });
});

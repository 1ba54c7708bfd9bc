import { severities, type Severity } from '../../src/pipeline/event.ts';
import type { SeverityCounts } from '../../src/pipeline/statistics.ts';

export const noCounts: SeverityCounts = { info: 0, warning: 0, error: 0, critical: 0 };

export function totalOf(counts: SeverityCounts): number {
  return severities.reduce((sum, severity) => sum + counts[severity], 0);
}

export function sumOf(all: readonly SeverityCounts[]): SeverityCounts {
  const sum = { ...noCounts } as Record<Severity, number>;
  for (const counts of all) for (const severity of severities) sum[severity] += counts[severity];
  return sum;
}

/** The values as at most `most` points of a line, neighbours added up. Groups begin where `firstIndex`, the number of the
 *  first value since 1970, says, so that a point keeps its values while others come. The last value of an `isOpen` line is
 *  still growing: it is left out while it would only look like a fall. Empty when there is nothing but zeros. */
export function linePoints(values: readonly number[], most: number, firstIndex: number, isOpen: boolean): number[] {
  const size = Math.ceil(values.length / most);
  const points: number[] = [];
  const firstGroup = Math.floor(firstIndex / size);
  values.forEach((value, index) => {
    const group = Math.floor((firstIndex + index) / size) - firstGroup;
    points[group] = (points[group] ?? 0) + value;
  });
  if (points.every((point) => point === 0)) return [];
  const [last = 0, before = 0] = [points.at(-1), points.at(-2)];
  return isOpen && points.length > 2 && last < before ? points.slice(0, -1) : points;
}

/** Of each severity, mildest first, how high its part of each bar reaches when they stand on one another. What is there but
 *  would be too low to be seen is as high as `least`. */
export function stacked(buckets: readonly SeverityCounts[], least: number): number[][] {
  const reached = buckets.map(() => 0);
  return severities.map((severity) =>
    buckets.map((counts, index) => {
      const count = counts[severity];
      reached[index] = (reached[index] ?? 0) + (count === 0 ? 0 : Math.max(count, least));
      return reached[index];
    }),
  );
}

import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { severities } from '../../src/pipeline/event.ts';
import type { SeverityCounts } from '../../src/pipeline/statistics.ts';
import { stacked, totalOf } from '../state/counts.ts';
import { isDark } from '../state/theme.ts';
import type { BarChart } from './bar-chart.ts';

/** A single critical among thousands is still so many pixels high. */
const leastPixels = 2;

/** Draws the counts into the element, and again when they or the theme change. What draws is loaded after the page is there. */
export function useBarChart(host: RefObject<HTMLElement | null>, buckets: readonly SeverityCounts[]): void {
  const [chart, setChart] = useState<BarChart | null>(null);
  const dark = isDark.value;
  useEffect(() => {
    let made: BarChart | null = null;
    let isGone = false;
    void import('./bar-chart.ts').then(({ barChart }) => {
      if (isGone || host.current === null) return;
      made = barChart(host.current, severities.length);
      setChart(made);
    });
    return () => {
      isGone = true;
      made?.close();
    };
  }, [host]);
  useEffect(() => {
    if (chart === null || host.current === null) return;
    const highest = buckets.reduce((most, counts) => Math.max(most, totalOf(counts)), 1);
    chart.draw(stacked(buckets, (highest * leastPixels) / host.current.clientHeight), colours(host.current));
  }, [chart, buckets, dark, host]);
}

/** The colours of the severities as the theme has them now: a canvas does not know the page's variables. */
function colours(element: HTMLElement): string[] {
  const style = getComputedStyle(element);
  const before = element.style.color;
  const found = severities.map((severity) => {
    element.style.color = `var(--bar-${severity})`;
    return style.color;
  });
  element.style.color = before;
  return found;
}

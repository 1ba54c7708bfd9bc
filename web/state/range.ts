import { signal } from '@preact/signals';

/** How far back the counts and the chart look when the search names no time, as the address says it. */
export const ranges = ['15m', '1h', '6h', '24h', '7d', '30d'] as const;
export type Range = (typeof ranges)[number];

const usual: Range = '1h';
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const rangeMs: Readonly<Record<Range, number>> = {
  '15m': 15 * minuteMs,
  '1h': hourMs,
  '6h': 6 * hourMs,
  '24h': 24 * hourMs,
  '7d': 7 * 24 * hourMs,
  '30d': 30 * 24 * hourMs,
};

const chosen = signal(rangeOfAddress());

/** The range in force; `?range=` of the page's address, so that it can be linked, reloaded and gone back to. */
export const range = chosen as { readonly value: Range; peek(): Range };

export function chooseRange(wanted: Range): void {
  if (wanted === chosen.peek()) return;
  const url = new URL(location.href);
  if (wanted === usual) url.searchParams.delete('range');
  else url.searchParams.set('range', wanted);
  history.pushState(null, '', url);
  chosen.value = wanted;
}

addEventListener('popstate', () => {
  chosen.value = rangeOfAddress();
});

function rangeOfAddress(): Range {
  const text = new URLSearchParams(location.search).get('range');
  return ranges.find((each) => each === text) ?? usual;
}

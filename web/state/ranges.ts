/** How far back the counts and the chart look when the search names no time, as the address says it. */
export const ranges = ['15m', '1h', '6h', '24h', '7d', '30d'] as const;
export type Range = (typeof ranges)[number];

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

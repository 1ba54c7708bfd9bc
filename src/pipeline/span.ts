import { firstInstant, parseRfc3339 } from './rfc3339.ts';

const msByUnit: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of a span such as `500ms` `30s` `15m` `2h` `7d` `1w`, or undefined for any other text, zero included. */
export function parseSpan(text: string): number | undefined {
  const parts = /^(\d+)(ms|[smhdw])$/.exec(text);
  if (parts === null) return undefined;
  const span = Number(parts[1]) * (msByUnit[parts[2] ?? ''] ?? 0);
  return span > 0 && Number.isSafeInteger(span) ? span : undefined;
}

/** What {@link parseInstant} accepts, for messages. */
export const instantRule = 'RFC 3339 with a zone, or a span before now such as 15m, 2h or 7d';

/** Milliseconds since 1970 of an RFC 3339 date and time, or of the moment a span before `now`; undefined for any other
 *  text, and for what lies before the year 1. */
export function parseInstant(text: string, now: number): number | undefined {
  const span = parseSpan(text);
  if (span === undefined) return parseRfc3339(text);
  return now - span >= firstInstant ? now - span : undefined;
}

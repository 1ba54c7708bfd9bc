import type { JsonObject, JsonValue } from './event.ts';
import { refuseField } from './field-error.ts';
import { parseRfc3339 } from './rfc3339.ts';

/** Other names under which producers send the time, read in this order when `time` is missing. */
const aliases = ['ts', 'timestamp', 'created_at'] as const;

/** A number below this counts seconds, from it on milliseconds (10^11 s is the year 5138, 10^11 ms is 1973). */
const firstMilliseconds = 1e11;

/** 9999-12-31T23:59:59.999Z, the last instant that RFC 3339 can write. */
const lastInstant = 253_402_300_799_999;

/** When the event happened, and the field that said so; both null when none did. */
export function readTime(fields: JsonObject): { readonly at: number | null; readonly from: string | null } {
  const time = fields['time'];
  if (time !== undefined && time !== null) {
    const at = parseTime(time);
    if (at === undefined) {
      refuseField('time', 'must be RFC 3339 with a zone, or milliseconds or seconds since 1970', time);
    }
    return { at, from: 'time' };
  }
  for (const alias of aliases) {
    const given = fields[alias];
    const at = given === undefined ? undefined : parseTime(given);
    if (at !== undefined) return { at, from: alias };
  }
  return { at: null, from: null };
}

function parseTime(value: JsonValue): number | undefined {
  if (typeof value === 'string') return parseRfc3339(value);
  if (typeof value !== 'number' || value < 0) return undefined;
  const at = Math.round(value < firstMilliseconds ? value * 1000 : value);
  return at <= lastInstant ? at : undefined;
}

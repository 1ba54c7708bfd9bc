const msPerDay = 86_400_000;
/** Days from 0000-03-01, where the count below begins, to 1970-01-01. */
const daysToEpoch = 719_468;

/** 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z. */
const firstInstant = -62_135_596_800_000;
const lastInstant = 253_402_300_799_999;

/** Milliseconds since 1970 of an RFC 3339 date and time, or undefined for any other text. The zone is required, a
 *  space may stand for the `T`, the date must exist, digits of the second past the third are cut off, a leap second
 *  is refused. In UTC the result lies in the years 1 to 9999, so that it can always be written again. */
export function parseRfc3339(text: string): number | undefined {
  const year = fourDigits(text, 0);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (!hasSeparators(text) || year < 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month))
    return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  const zoneAt = endOfFraction(text);
  const offset = zoneAt === undefined ? undefined : zoneMinutes(text, zoneAt);
  if (zoneAt === undefined || offset === undefined) return undefined;
  const seconds = (hour * 60 + minute - offset) * 60 + second;
  const at = daysSinceEpoch(year, month, day) * msPerDay + seconds * 1000 + milliseconds(text, zoneAt);
  return at >= firstInstant && at <= lastInstant ? at : undefined;
}

function hasSeparators(text: string): boolean {
  const between = text[10];
  return (
    text[4] === '-' &&
    text[7] === '-' &&
    (between === 'T' || between === 't' || between === ' ') &&
    text[13] === ':' &&
    text[16] === ':'
  );
}

/** -1 for what is not a digit, also past the end. */
function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : -1;
}

/** Negative when one of the two is not a digit; so is {@link fourDigits}. */
function twoDigits(text: string, at: number): number {
  const tens = digit(text, at);
  const ones = digit(text, at + 1);
  return tens < 0 || ones < 0 ? -1 : tens * 10 + ones;
}

function fourDigits(text: string, at: number): number {
  const hundreds = twoDigits(text, at);
  const rest = twoDigits(text, at + 2);
  return hundreds < 0 || rest < 0 ? -1 : hundreds * 100 + rest;
}

/** Where the zone begins; undefined when a `.` has no digit behind it. */
function endOfFraction(text: string): number | undefined {
  if (text[19] !== '.') return 19;
  let end = 20;
  while (digit(text, end) >= 0) end += 1;
  return end === 20 ? undefined : end;
}

function milliseconds(text: string, end: number): number {
  let value = 0;
  for (let at = 20; at < 23; at += 1) value = value * 10 + (at < end ? digit(text, at) : 0);
  return value;
}

/** Minutes ahead of UTC. */
function zoneMinutes(text: string, at: number): number | undefined {
  const sign = text[at];
  if (sign === 'Z' || sign === 'z') return text.length === at + 1 ? 0 : undefined;
  if ((sign !== '+' && sign !== '-') || text[at + 3] !== ':' || text.length !== at + 6) return undefined;
  const hours = twoDigits(text, at + 1);
  const minutes = twoDigits(text, at + 4);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Counts in years that begin in March, so that the leap day is a year's last. `Date.UTC` would read year 99 as 1999. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + dayOfYear - daysToEpoch;
}

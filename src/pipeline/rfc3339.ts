/** RFC 3339, 5.6, with every bound but that of the day. */
const shape =
  /^\d{4}-(?:0[1-9]|1[0-2])-\d{2}[Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Where the fraction begins, if there is one. */
const fractionAt = 20;

const msPerDay = 86_400_000;
const msPerMinute = 60_000;
/** Days from 0000-03-01, where the count below begins, to 1970-01-01. */
const daysToEpoch = 719_468;

/** 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z: the years that it can write. */
export const firstInstant = -62_135_596_800_000;
export const lastInstant = 253_402_300_799_999;

/** Milliseconds since 1970 of an RFC 3339 date and time, or undefined for any other text. The zone is required, a
 *  space may stand for the `T`, the date must exist, digits of the second past the third are cut off, a leap second
 *  is refused. In UTC the result lies in the years 1 to 9999, so that it can always be written again. */
export function parseRfc3339(text: string): number | undefined {
  if (!shape.test(text)) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (day < 1 || day > daysIn(year, month)) return undefined;
  const seconds = (twoDigits(text, 11) * 60 + twoDigits(text, 14)) * 60 + twoDigits(text, 17);
  const local = daysSinceEpoch(year, month, day) * msPerDay + seconds * 1000 + milliseconds(text);
  const at = local - zoneMinutes(text) * msPerMinute;
  return at >= firstInstant && at <= lastInstant ? at : undefined;
}

function digit(text: string, at: number): number {
  return text.charCodeAt(at) - 48;
}

function isDigit(text: string, at: number): boolean {
  return digit(text, at) >= 0 && digit(text, at) <= 9;
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function milliseconds(text: string): number {
  if (text[fractionAt - 1] !== '.') return 0;
  let value = 0;
  let worth = 100;
  for (let at = fractionAt; worth >= 1 && isDigit(text, at); at += 1) {
    value += digit(text, at) * worth;
    worth /= 10;
  }
  return value;
}

/** How far local time is ahead of UTC. */
function zoneMinutes(text: string): number {
  const sign = text[text.length - 6];
  if (sign !== '+' && sign !== '-') return 0;
  const minutes = twoDigits(text, text.length - 5) * 60 + twoDigits(text, text.length - 2);
  return sign === '-' ? -minutes : minutes;
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

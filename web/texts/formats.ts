import { language, texts } from './texts.ts';

/** The reader's own way of writing numbers, when it is the language that the page speaks. */
export const locale = navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
const numbers = new Intl.NumberFormat(locale);
const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 4 });
const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const zones = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' });
const two = (value: number): string => String(value).padStart(2, '0');

export const numberText = (value: number): string => numbers.format(value);

/** A number written large: to the last digit as long as it has room, so reading it is no effect of its size. */
export function figureText(value: number): string {
  return value < 100_000_000 ? numberText(value) : short.format(value);
}

/** Time of day in the reader's zone, to the second. */
export function clockText(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The time of day when it is today, else the day and the minute. */
export function timeText(at: number, today: string): string {
  const date = new Date(at);
  if (date.toDateString() === today) return clockText(at);
  return `${days.format(date)} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** What the reader's zone is called at the moment, for example `CET` or `GMT+1`. */
export function zoneText(): string {
  return zones.formatToParts(new Date()).find((part) => part.type === 'timeZoneName')?.value ?? 'UTC';
}

/** From one moment to another: `10:24 – 10:30`, with the day when it is not today, as days when it is whole ones. */
export function spanText(from: number, to: number): string {
  if (isMidnight(from) && isMidnight(to) && to - from > 12 * 3_600_000) {
    const [first, last] = [days.format(from), days.format(to - 1)];
    return first === last ? first : `${first} – ${last}`;
  }
  const hasSeconds = from % 60_000 !== 0 || to % 60_000 !== 0;
  const start = momentText(from, new Date().toDateString(), hasSeconds);
  return `${start} – ${momentText(to, new Date(from).toDateString(), hasSeconds)}`;
}

/** The same where it may be open at an end. */
export function stretchText(from: number | null, to: number | null): string {
  const today = new Date().toDateString();
  if (from !== null && to !== null) return spanText(from, to);
  if (from !== null) return texts.range.since(momentText(from, today, from % 60_000 !== 0));
  return texts.range.until(momentText(to ?? Date.now(), today, (to ?? 0) % 60_000 !== 0));
}

/** A round time on an axis that is `spanMs` long. */
export function tickText(at: number, spanMs: number): string {
  if (spanMs > 86_400_000 && isMidnight(at)) return days.format(at);
  return spanMs > 300_000 && at % 60_000 === 0 ? clockText(at).slice(0, 5) : clockText(at);
}

/** The time of day, after the day when that is not `day`. */
function momentText(at: number, day: string, hasSeconds: boolean): string {
  const date = new Date(at);
  const clock = hasSeconds ? clockText(at) : clockText(at).slice(0, 5);
  return date.toDateString() === day ? clock : `${days.format(date)} ${clock}`;
}

function isMidnight(at: number): boolean {
  return clockText(at) === '00:00:00';
}

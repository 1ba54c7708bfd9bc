import { clockText, locale, timeText } from './formats.ts';

const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const datedDays = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
const spans = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' });

/** The time of day to the millisecond. */
export function preciseClockText(at: number): string {
  return `${clockText(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;
}

/** Day and time to the millisecond, with the year when it is another one. */
export function momentText(at: number): string {
  const date = new Date(at);
  const day = date.getFullYear() === new Date().getFullYear() ? days : datedDays;
  return `${day.format(date)} ${preciseClockText(at)}`;
}

/** How long ago or from now, up to an hour; beyond that the day and the minute. */
export function nearbyText(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000);
  if (Math.abs(seconds) < 60) return spans.format(seconds, 'second');
  if (Math.abs(seconds) < 3600) return spans.format(Math.round(seconds / 60), 'minute');
  return timeText(at, new Date(now).toDateString());
}

import { language } from './texts.ts';

/** The reader's own way of writing numbers, when it is the language that the page speaks. */
const locale = navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
const numbers = new Intl.NumberFormat(locale);
const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const zones = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' });
const two = (value: number): string => String(value).padStart(2, '0');

export const numberText = (value: number): string => numbers.format(value);

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

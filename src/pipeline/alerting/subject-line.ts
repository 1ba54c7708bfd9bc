import type { Subject } from './decision.ts';

const maxLength = 120;

/** The subject of a mail, `[CRITICAL] sensor_01: first words of the message (+12)`, on one line of plain characters. */
export function subjectLine({ headline, count }: Pick<Subject, 'headline' | 'count'>): string {
  const more = count > 1 ? ` (+${String(count - 1)})` : '';
  const text = `[${headline.severity.toUpperCase()}] ${headline.source}: ${headline.message}`;
  return cut(plain(text), maxLength - more.length) + more;
}

/** Controls, line separators and directions of writing are for nobody's header. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** At a word where there is one, and never inside a character. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const words = text
    .slice(0, length - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, '');
  const end = words.lastIndexOf(' ');
  return `${end > length / 2 ? words.slice(0, end) : words}…`;
}

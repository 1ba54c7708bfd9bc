import { parseInstant } from '../../src/pipeline/span.ts';
import { termsOf, withTerm } from './terms.ts';

/** A stretch of time in milliseconds since 1970, `to` not included; null where it is open. */
export interface Stretch {
  readonly from: number | null;
  readonly to: number | null;
}

const timeTerm = /^(since:|until:|time[<>]=?)"?([^"]*)"?$/i;

/** The stretch that the time terms of a query leave, spans counted back from `now`. A time inside of brackets, of an OR or
 *  of a NOT bounds nothing. */
export function stretchOf(query: string, now: number): Stretch {
  const bounds = (termsOf(query) ?? []).flatMap((term) => boundOf(term, now) ?? []);
  const froms = bounds.filter(({ isFrom }) => isFrom).map(({ at }) => at);
  const tos = bounds.filter(({ isFrom }) => !isFrom).map(({ at }) => at);
  return {
    from: froms.length === 0 ? null : Math.max(...froms),
    to: tos.length === 0 ? null : Math.min(...tos),
  };
}

interface Bound {
  readonly at: number;
  /** `at` is the first millisecond, or else the first one after. */
  readonly isFrom: boolean;
}

function boundOf(term: string, now: number): Bound | undefined {
  const [, word = '', text = ''] = timeTerm.exec(term) ?? [];
  const at = parseInstant(text, now);
  if (at === undefined) return undefined;
  switch (word.toLowerCase()) {
    case 'since:':
    case 'time>=':
      return { at, isFrom: true };
    // Times are whole milliseconds, so that "after" is "from the next one on".
    case 'time>':
      return { at: at + 1, isFrom: true };
    case 'time<=':
      return { at: at + 1, isFrom: false };
    default:
      return { at, isFrom: false };
  }
}

/** The query without its time terms. */
export function withoutTime(query: string): string {
  const terms = termsOf(query);
  return terms === null ? query : terms.filter((term) => !timeTerm.test(term)).join(' ');
}

/** The query for this stretch alone, instead of the one it asked for. */
export function withTime(query: string, from: number, to: number): string {
  return withTerm(withTerm(withoutTime(query), `time>=${instantText(from)}`), `time<${instantText(to)}`);
}

/** RFC 3339 in UTC, with milliseconds only where there are any. */
function instantText(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

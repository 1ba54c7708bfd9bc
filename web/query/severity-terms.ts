import type { Severity } from '../../src/pipeline/event.ts';
import { termFor, termsOf, withTerm } from './terms.ts';

/** Whether the query asks for this severity and no other by a term of its own. */
export function isNarrowedTo(query: string, severity: Severity): boolean {
  return termsOf(query)?.includes(termFor('severity', severity, false)) ?? false;
}

/** The query for this severity alone, instead of those it asked for; or for all again when it was for this one. */
export function toggleSeverity(query: string, severity: Severity): string {
  const terms = termsOf(query);
  const term = termFor('severity', severity, false);
  if (terms === null) return withTerm(query, term);
  const others = terms.filter((other) => !/^(?:-|NOT )*severity[:<>]/i.test(other));
  return isNarrowedTo(query, severity) ? others.join(' ') : [...others, term].join(' ');
}

import { parseInstant, parseSpan } from '../pipeline/span.ts';

/** Which records are wanted, as the parameters of `GET /api/events` have it (contract, section 4). */
export interface SubscriptionFilter {
  readonly q?: string;
  /** Comma lists of exact values, as are the next three. */
  readonly severity?: string;
  readonly source?: string;
  readonly channel?: string;
  readonly key?: string;
  /** `event` when missing; `*` for all records. */
  readonly type?: string;
  readonly since?: string;
  readonly until?: string;
}

/** The filter with its spans (`15m`) turned into moments. The hub fixes a span when it reads the request, and a client
 *  that resumes makes several: with a span, each would begin later than the one before and leave out what lies
 *  between. A `since:` inside of `q` is not rewritten. What is neither a span nor a moment is left for the hub to refuse. */
export function fixSpans<T extends SubscriptionFilter>(filter: T, now: number): T {
  return { ...filter, ...fixed('since', filter.since, now), ...fixed('until', filter.until, now) };
}

function fixed(name: 'since' | 'until', text: string | undefined, now: number): SubscriptionFilter {
  if (text === undefined || parseSpan(text) === undefined) return {};
  const at = parseInstant(text, now);
  return at === undefined ? {} : { [name]: new Date(at).toISOString() };
}

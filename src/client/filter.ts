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
  const [, count, unit] = /^(\d{1,9})(ms|[smhdw])$/.exec(text ?? '') ?? [];
  if (count === undefined || unit === undefined) return {};
  const at = new Date(now - Number(count) * (msByUnit[unit] ?? 0));
  return at.getTime() > 0 ? { [name]: at.toISOString() } : {};
}

/** The units of the hub's spans. */
const msByUnit: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

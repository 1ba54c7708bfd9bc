import type { Position } from '../../src/pipeline/event.ts';
import type { EmailStatus, SeverityCounts } from '../../src/pipeline/statistics.ts';
import { getJson } from './hub-api.ts';

/** What the page shows of `GET /api/stats`. */
export interface Stats {
  readonly head: Position;
  readonly bySeverity: SeverityCounts;
  readonly subscribers: number;
  readonly email: EmailStatus;
}

/** The answer of `GET /api/histogram`: buckets of equal width, oldest first. */
export interface Histogram {
  /** RFC 3339, not included. */
  readonly to: string;
  readonly buckets: readonly SeverityCounts[];
  /** Only there when the search took too long: what lies up to this position was not counted. */
  readonly countedAfter?: Position;
}

export interface HistogramRequest {
  readonly q: string;
  /** RFC 3339, or a span before `until`. */
  readonly since: string;
  /** RFC 3339; the hub's now when it is missing. */
  readonly until?: string;
  readonly buckets: number;
}

/** Reads the counts of the hub that served this page. */
export interface CountsApi {
  stats(since: string, signal: AbortSignal): Promise<Stats>;
  histogram(request: HistogramRequest, signal: AbortSignal): Promise<Histogram>;
}

export function countsApi(base: string): CountsApi {
  const get = async (path: string, parameters: object, signal: AbortSignal): Promise<unknown> => {
    const url = new URL(path, base);
    for (const [name, value] of Object.entries(parameters)) if (value !== '') url.searchParams.set(name, String(value));
    return getJson(url, signal);
  };
  return {
    stats: async (since, signal) => (await get('api/stats', { since }, signal)) as Stats,
    histogram: async (request, signal) => (await get('api/histogram', request, signal)) as Histogram,
  };
}

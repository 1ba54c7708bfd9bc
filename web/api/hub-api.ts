import { HubError } from '../../src/client/hub-error.ts';
import type { Position, RecordedEvent } from '../../src/pipeline/event.ts';
import { rowOf, type Row } from '../state/row.ts';

/** What one page is asked for. Neither `before` nor `after`: the newest. */
export interface PageRequest {
  readonly q: string;
  readonly limit: number;
  readonly before?: Position;
  readonly after?: Position;
}

/** A page as the hub answers it: newest first, but oldest first when `after` was given. */
export interface PageAnswer {
  readonly epoch: string;
  readonly head: Position;
  readonly first: Position;
  readonly rows: readonly Row[];
  readonly next: Position | null;
}

export type ReadPage = (request: PageRequest, signal: AbortSignal) => Promise<PageAnswer>;

/** A page may take the hub 2 s of searching; after this the connection is taken for dead. */
const timeoutMs = 15_000;

/** Reads pages of `GET /api/events` of the hub that served this page, also behind a path prefix. */
export function pageReader(base: string): ReadPage {
  return async (request, signal) => {
    const url = new URL('api/events', base);
    for (const [name, value] of Object.entries(request)) if (value !== '') url.searchParams.set(name, String(value));
    const body = (await getJson(url, signal)) as Omit<PageAnswer, 'rows'> & { events: readonly RecordedEvent[] };
    const { epoch, head, first, next, events } = body;
    return { epoch, head, first, next, rows: events.map(rowOf) };
  };
}

/** The JSON that the hub answers; throws a {@link HubError} when it refuses, or cannot be reached. */
export async function getJson(url: URL, signal: AbortSignal): Promise<unknown> {
  const response = await reach(url, signal);
  const body = (await response.json().catch(() => null)) as unknown;
  if (response.ok && body !== null) return body;
  const refusal = body as { code?: string; error?: string } | null;
  throw new HubError(refusal?.code ?? `http_${String(response.status)}`, refusal?.error ?? response.statusText);
}

async function reach(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    return await fetch(url, { signal: deadline, headers: { accept: 'application/json' } });
  } catch (error) {
    signal.throwIfAborted();
    throw new HubError('unreachable', error instanceof Error ? error.message : String(error));
  }
}

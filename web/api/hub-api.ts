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

let whenUnauthorized = (): void => undefined;

/** Calls back whenever the hub does not give what was asked for because nobody is logged in, or not any more. */
export function onUnauthorized(callback: () => void): void {
  whenUnauthorized = callback;
}

/** The JSON that the hub answers; throws a {@link HubError} when it refuses, or cannot be reached. */
export async function getJson(url: URL, signal: AbortSignal): Promise<unknown> {
  try {
    return await ask(url, { signal });
  } catch (error) {
    if (error instanceof HubError && error.code === 'unauthorized') whenUnauthorized();
    throw error;
  }
}

/** Has the hub change something; answers and throws as {@link getJson}. */
export function sendJson(method: 'POST' | 'DELETE', url: URL, body: object = {}): Promise<unknown> {
  return ask(url, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
}

interface Init extends RequestInit {
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(url: URL, init: Init): Promise<unknown> {
  const response = await reach(url, init);
  const body = (await response.json().catch(() => null)) as unknown;
  if (response.ok && body !== null) return body;
  const refusal = body as { code?: string; error?: string } | null;
  const code = refusal?.code ?? `http_${String(response.status)}`;
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1_000 : null;
  throw new HubError(code, refusal?.error ?? response.statusText, retryAfterMs);
}

async function reach(url: URL, { signal, headers = {}, ...rest }: Init): Promise<Response> {
  try {
    const deadline = AbortSignal.timeout(timeoutMs);
    const either = signal == null ? deadline : AbortSignal.any([signal, deadline]);
    return await fetch(url, { ...rest, signal: either, headers: { accept: 'application/json', ...headers } });
  } catch (error) {
    signal?.throwIfAborted();
    throw new HubError('unreachable', error instanceof Error ? error.message : String(error));
  }
}

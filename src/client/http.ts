import { resolveEndpoint, type Endpoint } from './endpoint.ts';
import { readVerdict, type Refusal } from './verdict.ts';

/** The endpoint of the HTTP interface is the hub's origin: `http://host:port`, with or without a slash. */
export async function hubFetch(endpoint: Endpoint, path: string, init: RequestInit = {}): Promise<Response> {
  const { url, authorization } = resolveEndpoint(endpoint);
  try {
    const headers = { ...(init.headers as Record<string, string> | undefined), ...authorization };
    return await fetch(`${url.replace(/\/+$/, '')}${path}`, { ...init, headers });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new Error(`cannot reach the hub at ${url}: ${reasonOf(error)}`, { cause: error });
  }
}

/** What a response that is no success says; undefined when it is not the hub that says it. */
export async function refusalOf(response: Response): Promise<Refusal | undefined> {
  try {
    const verdict = readVerdict(await response.json());
    return verdict?.ok === false ? verdict : undefined;
  } catch {
    return undefined;
  }
}

/** 0 when the response does not say. */
export function retryAfterMsOf(response: Response): number {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) ? seconds * 1_000 : 0;
}

/** `fetch` itself says only that it failed. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  const { code } = cause as { code?: unknown };
  return cause.message || String(code);
}

import { resolveEndpoint, type Endpoint } from './endpoint.ts';
import { HubError } from './hub-error.ts';
import { readVerdict } from './verdict.ts';

/** The endpoint of the HTTP interface is the hub's origin: `http://host:port`, with or without a slash. */
export async function hubFetch(endpoint: Endpoint, path: string, init: RequestInit = {}): Promise<Response> {
  const { url, authorization } = resolveEndpoint(endpoint);
  try {
    const headers = { ...(init.headers as Record<string, string> | undefined), ...authorization };
    return await (endpoint.fetch ?? fetch)(`${url.replace(/\/+$/, '')}${path}`, { ...init, headers });
  } catch (error) {
    throw new Error(`cannot reach the hub at ${url}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Throws what a response that is no success says: a `HubError` when it is the hub that says it. */
export async function throwIfRefused(response: Response): Promise<void> {
  if (response.ok) return;
  const refusal = readVerdict(await response.json().catch(() => undefined));
  if (refusal?.ok === false) throw new HubError(refusal.code, refusal.error);
  throw new Error(`HTTP ${response.status} from ${new URL(response.url).origin}: is it a hub?`);
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

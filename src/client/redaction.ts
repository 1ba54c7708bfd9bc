import type { Endpoint } from './endpoint.ts';
import { hubFetch, throwIfRefused } from './http.ts';
import type { Position } from '../pipeline/event.ts';

/** The hub waits for readers up to 10 s. */
const timeoutMs = 60_000;

export interface RedactionAnswer {
  readonly position: Position;
  /** There was nothing to blank. */
  readonly duplicate?: true;
  /** Whether the hub's files hold nothing of it any more. */
  readonly erased: boolean;
}

/** Has the hub blank an event's content. Throws a `HubError` when the hub refuses, another error when it cannot be reached. */
export async function requestRedaction(
  endpoint: Endpoint,
  position: Position,
  on: { readonly by: string; readonly reason?: string },
): Promise<RedactionAnswer> {
  const response = await hubFetch(endpoint, `/api/events/${position}/redact`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(on),
    signal: AbortSignal.timeout(timeoutMs),
  });
  await throwIfRefused(response);
  return (await response.json()) as RedactionAnswer;
}

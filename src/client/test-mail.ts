import type { Endpoint } from './endpoint.ts';
import { hubFetch, throwIfRefused } from './http.ts';

/** A mail server may take a minute for each of its answers. */
const timeoutMs = 5 * 60_000;

export interface TestMailAnswer {
  /** Whether the mail server took the mail. */
  readonly ok: boolean;
  /** What it said, or what went wrong and what to do. */
  readonly reply: string;
}

/** Has the hub send a test mail. Throws a `HubError` when the hub refuses, another error when it cannot be reached. */
export async function requestTestMail(endpoint: Endpoint, to: string): Promise<TestMailAnswer> {
  const response = await hubFetch(endpoint, '/api/test-email', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ to }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  await throwIfRefused(response);
  return (await response.json()) as TestMailAnswer;
}

import type { Endpoint } from './endpoint.ts';
import { hubFetch, throwIfRefused } from './http.ts';
import type { NewToken, RotatedToken, TokenInfo, TokenRequest } from '../pipeline/access-desks.ts';

const timeoutMs = 30_000;

/** The tokens of a running hub. Each call throws a `HubError` when the hub refuses, another error when it cannot be
 *  reached. */
export class TokenClient {
  readonly #endpoint: Endpoint;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  async list(): Promise<readonly TokenInfo[]> {
    return (await this.#ask('GET', '')) as readonly TokenInfo[];
  }

  async create(request: TokenRequest): Promise<NewToken> {
    const expires = request.expires === null ? null : new Date(request.expires).toISOString();
    return (await this.#ask('POST', '', { ...request, expires })) as NewToken;
  }

  async rotate(id: string, overlapMs: number): Promise<RotatedToken> {
    const overlap = overlapMs === 0 ? {} : { overlap: `${overlapMs}ms` };
    return (await this.#ask('POST', `/${encodeURIComponent(id)}/rotate`, overlap)) as RotatedToken;
  }

  async revoke(id: string): Promise<TokenInfo> {
    return (await this.#ask('DELETE', `/${encodeURIComponent(id)}`)) as TokenInfo;
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await hubFetch(this.#endpoint, `/api/tokens${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    await throwIfRefused(response);
    return await response.json();
  }
}

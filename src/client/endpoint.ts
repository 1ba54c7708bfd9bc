/** Where something of the hub's is. A function is asked anew before each attempt, because a hub that restarts may come
 *  back with another port or token; what it throws counts as a failed attempt. */
export interface Endpoint {
  readonly url: string | (() => string);
  readonly token?: string | (() => string | undefined);
  /** Asks in place of the platform's own, which knows no other authorities than the system's. */
  readonly fetch?: Fetch;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What the endpoint is now. */
export function resolveEndpoint({ url, token }: Endpoint): { url: string; authorization: Record<string, string> } {
  const secret = typeof token === 'function' ? token() : token;
  return {
    url: typeof url === 'function' ? url() : url,
    authorization: secret === undefined ? {} : { Authorization: `Bearer ${secret}` },
  };
}

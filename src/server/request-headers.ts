import type { HttpRequest } from 'uWebSockets.js';

const readHeaders = [
  'host',
  'origin',
  'sec-fetch-site',
  'content-type',
  'content-encoding',
  'content-length',
  'accept',
  'accept-encoding',
  'idempotency-key',
  'if-none-match',
  'cookie',
  'upgrade',
  'sec-websocket-protocol',
  'last-event-id',
] as const;
export type HeaderName = (typeof readHeaders)[number];
const isRead: ReadonlySet<string> = new Set(readHeaders);

/** Two of these are two opinions of what the request is (RFC 9112, 3.2 and 6.3), of which a proxy may have taken the other. */
const singleHeaders: ReadonlySet<string> = new Set([
  'host',
  'origin',
  'content-type',
  'content-encoding',
  'content-length',
  'idempotency-key',
  'last-event-id',
]);

/** The headers of a request that the hub looks at, kept beyond the handler's return. */
export class RequestHeaders {
  /** Every header of that name. */
  readonly authorizations: readonly string[];
  /** What makes it no request that means one thing. */
  readonly fault: string | undefined;
  readonly #values = new Map<string, string>();

  constructor(request: HttpRequest) {
    const authorizations: string[] = [];
    let repeated: string | undefined;
    const codings: string[] = [];
    request.forEach((name, value) => {
      if (name === 'authorization') authorizations.push(value);
      if (name === 'transfer-encoding') codings.push(value.trim().toLowerCase());
      if (!isRead.has(name)) return;
      if (!this.#values.has(name)) this.#values.set(name, value);
      else if (singleHeaders.has(name)) repeated = name;
    });
    this.authorizations = authorizations;
    if (repeated !== undefined) this.fault = `${repeated}: must be given once`;
    else if (codings.length > 0 && codings.join() !== 'chunked') this.fault = 'transfer-encoding: must be chunked';
  }

  /** The first of that name. One without a value is as good as none, but for an Idempotency-Key, which is then refused. */
  get(name: HeaderName): string | undefined {
    const value = this.#values.get(name);
    return value === '' && name !== 'idempotency-key' ? undefined : value;
  }
}

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
  /** Which of the headers that must come once came twice. */
  readonly repeated: string | undefined;
  readonly #values = new Map<HeaderName, string>();

  constructor(request: HttpRequest) {
    for (const name of readHeaders) {
      const value = request.getHeader(name);
      if (value !== '') this.#values.set(name, value);
    }
    const seen = new Set<string>();
    const authorizations: string[] = [];
    let repeated: string | undefined;
    request.forEach((name, value) => {
      if (name === 'idempotency-key' && value === '') this.#values.set(name, '');
      else if (name === 'authorization') authorizations.push(value);
      if (!singleHeaders.has(name)) return;
      if (seen.has(name)) repeated = name;
      seen.add(name);
    });
    this.authorizations = authorizations;
    this.repeated = repeated;
  }

  get(name: HeaderName): string | undefined {
    return this.#values.get(name);
  }
}

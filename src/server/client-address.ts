import type { HttpRequest, HttpResponse } from 'uWebSockets.js';
import type { TrustedProxies } from '../limits/trusted-proxies.ts';
import { addressText } from './address-text.ts';

/** Who made a request. Of a trusted proxy's word, the PROXY header before the connection's first request goes over the headers
 *  of this one; nobody else's is looked at. Null where a proxy has passed both kinds of headers on: it writes one of them, and
 *  the other may be the client's own. */
export function clientAddress(response: HttpResponse, request: HttpRequest, proxies: TrustedProxies): string | null {
  const peer = addressText(response.getRemoteAddress());
  if (!proxies.includes(peer)) return peer;
  const proxied = addressText(response.getProxiedRemoteAddress());
  if (proxied !== '') return proxied;
  const lines: Record<string, string[]> = { forwarded: [], 'x-forwarded-for': [] };
  // A proxy may add a line of its own below the one that it was sent.
  request.forEach((name, value) => lines[name]?.push(value));
  const [forwarded = '', xForwardedFor = ''] = Object.values(lines).map((values) => values.join(','));
  return forwarded !== '' && xForwardedFor !== '' ? null : proxies.clientOf(peer, { forwarded, xForwardedFor });
}

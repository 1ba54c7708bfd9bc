import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type { Fetch } from './endpoint.ts';

/** What the hub's API needs of `fetch`, with options for TLS, which are asked for anew before each request. */
export function createHttpsFetch(options: (host: string) => ConnectionOptions): Fetch {
  const agent = new Agent({ keepAlive: true });
  return (url, init) => {
    if (!url.startsWith('https:')) return fetch(url, init);
    return new Promise((resolve, reject) => {
      const outgoing = request(url, {
        ...options(new URL(url).hostname.replace(/^\[|\]$/g, '')),
        agent,
        method: init.method ?? 'GET',
        headers: init.headers as Record<string, string>,
        ...(init.signal ? { signal: init.signal } : {}),
      });
      outgoing.once('response', (incoming) => resolve(responseOf(incoming, url)));
      outgoing.once('error', reject);
      outgoing.end(init.body);
    });
  };
}

function responseOf(incoming: IncomingMessage, url: string): Response {
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const response = new Response(Readable.toWeb(incoming) as ReadableStream, {
    status: incoming.statusCode ?? 0,
    headers,
  });
  return Object.defineProperty(response, 'url', { value: url });
}

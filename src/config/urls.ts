import type { Config } from './config.ts';

type Reach = Pick<Config, 'http' | 'publicUrl'>;

/** Where people find the dashboard. `port` is the one that is bound. */
export function publicUrlOf({ http, publicUrl }: Reach, port: number): string {
  return publicUrl ?? `${schemeOf(http)}://localhost:${String(port)}`;
}

/** Whether people reach the dashboard over TLS, by the hub's own or a proxy's. */
export function isReachedOverTls(reach: Reach): boolean {
  return publicUrlOf(reach, 0).startsWith('https:');
}

/** Where programs on this machine find the API. */
export function localUrlOf({ http }: Reach, port: number): string {
  return `${schemeOf(http)}://${urlHost(http.host)}:${String(port)}`;
}

function schemeOf({ tls }: Config['http']): string {
  return tls === undefined ? 'http' : 'https';
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

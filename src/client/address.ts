export interface HostAndPort {
  readonly host: string;
  readonly port: number;
  /** By TLS. */
  readonly isSecure?: true;
}

/** Reads `host:port`, `[::1]:port` or `:port` (this machine), with or without `tls://` before it; undefined for any other text. */
export function parseHostAndPort(text: string): HostAndPort | undefined {
  const parts = /^(tls:\/\/)?(?:\[([0-9a-fA-F:.]+)\]|([^:/\s[\]]*)):(\d{1,5})$/i.exec(text);
  const port = Number(parts?.[4]);
  if (parts === null || port < 1 || port > 65_535) return undefined;
  const address = { host: parts[2] ?? (parts[3] || '127.0.0.1'), port };
  return parts[1] === undefined ? address : { ...address, isSecure: true };
}

/** The hub's origin from a URL that a person wrote; undefined when it is no `http` or `https` URL. */
export function parseHttpUrl(text: string): string | undefined {
  const url = parseUrl(text);
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? withoutSlash(url) : undefined;
}

/** The address of the hub's WebSocket from its own URL or from the hub's; undefined for any other text. */
export function parseWsUrl(text: string): string | undefined {
  const url = parseUrl(text.replace(/^http/i, 'ws'));
  if (url?.protocol !== 'ws:' && url?.protocol !== 'wss:') return undefined;
  if (url.pathname === '/') url.pathname = '/ws';
  return url.href;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** A hub may stand behind a proxy under a path of its own. */
function withoutSlash(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

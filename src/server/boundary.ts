import { isIP } from 'node:net';
import { RefusedError } from '../pipeline/codes.ts';
import { rememberLast } from '../pipeline/remember-last.ts';
import { together } from './header.ts';

export interface BoundaryOptions {
  /** The address that the server listens on. */
  readonly host: string;
  /** How people reach it from outside; its host and origin are allowed. */
  readonly publicUrl: string | undefined;
  readonly isSecure: boolean;
}

export interface RequestOrigin {
  readonly host: string;
  readonly origin: string;
  readonly secFetchSite: string;
}

/** Keeps web pages of other origins out, which a browser on this machine would let in. */
export interface Boundary {
  /** Whether it is reached by TLS. */
  readonly isSecure: boolean;
  /** Throws `forbidden` for a foreign `Host` (DNS rebinding) or a foreign `Origin`. */
  check(request: RequestOrigin): void;
  /** Also throws `forbidden` when a browser says that another site made the request (CSRF). */
  checkStateChange(request: RequestOrigin): void;
}

export function createBoundary(options: BoundaryOptions): Boundary {
  const publicUrl = options.publicUrl === undefined ? null : new URL(options.publicUrl);
  const hosts = new Set(['localhost', options.host.toLowerCase()]);
  if (publicUrl !== null) hosts.add(publicUrl.hostname.toLowerCase());

  // One client sends the same with each request.
  const isOwn = rememberLast((host: string) => isOwnHost(host, hosts));

  const check = ({ host, origin }: RequestOrigin) => {
    if (!isOwn(host)) {
      throw new RefusedError('forbidden', `Host: must be this hub's own; got ${JSON.stringify(host)}; set publicUrl`);
    }
    if (origin === '' || origin === publicUrl?.origin || isSameOrigin(origin, host)) return;
    throw new RefusedError('forbidden', `Origin: must be this hub's own; got ${JSON.stringify(origin)}; set publicUrl`);
  };
  return {
    isSecure: options.isSecure,
    check,
    checkStateChange: (request) => {
      check(request);
      if (request.secFetchSite === '' || request.secFetchSite === 'same-origin' || request.secFetchSite === 'none')
        return;
      throw new RefusedError('forbidden', 'Sec-Fetch-Site: another site may not change anything here');
    },
  };
}

/** A page can reach the hub through a name of its own making, but never through an address. */
function isOwnHost(host: string, names: ReadonlySet<string>): boolean {
  const name = hostName(host);
  return name !== undefined && (names.has(name) || isIP(name) !== 0);
}

function hostName(host: string): string | undefined {
  try {
    const { hostname, username, pathname } = new URL(`http://${host}`);
    if (username !== '' || pathname !== '/' || /[/?#\\]/.test(host)) return undefined;
    return hostname.replace(/^\[|\]$/g, '').toLowerCase();
  } catch {
    return undefined;
  }
}

function isSameOrigin(origin: string, host: string): boolean {
  const ownHost = host.toLowerCase();
  return origin === `http://${ownHost}` || origin === `https://${ownHost}`;
}

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** On every answer over TLS, but not by the name `localhost`: the browser would apply it to every other program there. */
export const strictTransport = ['Strict-Transport-Security', 'max-age=31536000'] as const;

/** On every answer. */
export const securityHeaders = together([
  ['Content-Security-Policy', contentSecurityPolicy],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['X-Frame-Options', 'DENY'],
]);

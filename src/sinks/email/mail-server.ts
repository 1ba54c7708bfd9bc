import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { EmailSettings } from './settings.ts';

/** Connecting, TLS and the greeting together. */
const connectMs = 10_000;

/** What a connection to the mail server of the settings is to be like. Rejects when `caFile` cannot be read: it is read each
 *  time, so that a renewed one counts without a restart. */
export async function transportOptions(settings: EmailSettings & { url: string }) {
  const { user, password = '', caFile, timeout } = settings;
  const url = new URL(settings.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'smtps:';
  const mode = secure ? 'from the start' : startTlsMode(url, host);
  const ca = caFile === undefined ? {} : { ca: [...rootCertificates, await readFile(caFile, 'utf8')] };
  return {
    host,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: mode === 'required',
    ignoreTLS: mode === 'none',
    connectionTimeout: Math.min(connectMs, timeout),
    greetingTimeout: Math.min(connectMs, timeout),
    socketTimeout: timeout,
    // Where clear text would do, and only on this machine, a certificate that nobody vouches for is no worse.
    tls: { rejectUnauthorized: !isTrusted(mode, host, caFile), minVersion: 'TLSv1.2' as const, ...ca },
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === undefined ? {} : { auth: { user, pass: password } }),
  };
}

function startTlsMode(url: URL, host: string): string {
  return url.searchParams.get('tls') ?? (isLoopback(host) ? 'opportunistic' : 'required');
}

function isTrusted(mode: string, host: string, caFile: string | undefined): boolean {
  return mode === 'opportunistic' && isLoopback(host) && caFile === undefined;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

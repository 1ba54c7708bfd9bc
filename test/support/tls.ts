import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import WebSocket, { type ClientOptions } from 'ws';
import { makeCertificate } from './smtp-certificate.ts';

export interface CertificateOnDisk {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Writes `<file>.pem` and `<file>.key.pem`, over what was there. */
export async function writeCertificate(
  directory: string,
  { file = 'hub', ...options }: { readonly file?: string; readonly name?: string; readonly isExpired?: boolean } = {},
): Promise<CertificateOnDisk> {
  const certificate = makeCertificate(options);
  const certFile = join(directory, `${file}.pem`);
  const keyFile = join(directory, `${file}.key.pem`);
  await writeFile(keyFile, certificate.key, { mode: 0o600 });
  await writeFile(certFile, certificate.cert);
  return { ...certificate, certFile, keyFile };
}

/** Settings by which a hub serves both ports with it. */
export function tlsSettings({ certFile, keyFile }: CertificateOnDisk): Record<string, string> {
  return {
    HUB_HTTP_TLS_CERT_FILE: certFile,
    HUB_HTTP_TLS_KEY_FILE: keyFile,
    HUB_TCP_TLS_CERT_FILE: certFile,
    HUB_TCP_TLS_KEY_FILE: keyFile,
  };
}

/** The number at the end of an address. */
export function portOf(address: string): number {
  return Number(/\d+$/.exec(address)?.[0]);
}

/** Connects to a port of this machine, cut off when the test has finished. Rejects when the handshake fails. */
export async function connectTls(address: string, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: portOf(address), servername: 'localhost', ...options });
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'secureConnect');
  return socket;
}

/** The name in the certificate that the hub shows to a client that sends this name, or none. */
export async function shownCertificate(address: string, servername: string | undefined): Promise<string | undefined> {
  const name = servername === undefined ? {} : { servername };
  const socket = connect({ host: '127.0.0.1', port: portOf(address), rejectUnauthorized: false, ...name });
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return Array.isArray(CN) ? CN[0] : CN;
}

export interface TlsAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export async function askTls(
  http: string,
  path: string,
  options: { readonly ca: string; readonly host?: string; readonly body?: string },
): Promise<TlsAnswer> {
  const { ca, host = 'localhost', body } = options;
  const outgoing = request(`${http}${path}`, {
    ca,
    servername: 'localhost',
    agent: false,
    method: body === undefined ? 'GET' : 'POST',
    headers: { Host: host, 'Content-Type': 'application/json' },
  });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

/** A subscriber over TLS, and the messages of the events that it got so far. */
export async function subscribeTls(http: string, ca: string): Promise<{ socket: WebSocket; messages: string[] }> {
  const socket = new WebSocket(`${http.replace('https', 'wss')}/ws`, [], {
    ca,
    servername: 'localhost',
  } as ClientOptions);
  onTestFinished(() => {
    socket.terminate();
  });
  const messages: string[] = [];
  let isLive = false;
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as { type: string; events?: { message: string }[] };
    if (frame.type === 'caught_up') isLive = true;
    for (const event of frame.events ?? []) messages.push(event.message);
    if (isLive) socket.emit('live');
  });
  await once(socket, 'live');
  return { socket, messages };
}

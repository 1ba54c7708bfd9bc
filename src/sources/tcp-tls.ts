import { constants } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServerOpts, Socket } from 'node:net';
import { createServer, type SecureContextOptions, type Server } from 'node:tls';
import type { CertificateFiles } from '../pipeline/component.ts';

const handshakeMs = 10_000;
/** Forward secrecy and authenticated encryption alone, as at the HTTP port. */
const ciphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE+AESGCM',
  'ECDHE+CHACHA20',
].join(':');

/** A server that gives the connections whose handshake is done; one that fails is closed and never seen. With authorities
 *  for clients, it lets in those alone who show a certificate of theirs. Throws when the files cannot be used. */
export function createTlsServer(
  files: CertificateFiles,
  socketOptions: ServerOpts,
  onConnection: (socket: Socket) => void,
): Server {
  const asksClients = files.clientCaFile !== undefined;
  return createServer(
    {
      ...socketOptions,
      ...contextOf(files),
      handshakeTimeout: handshakeMs,
      requestCert: asksClients,
      rejectUnauthorized: asksClients,
    },
    onConnection,
  );
}

/** For the handshakes from now on. Throws, and changes nothing, when the files cannot be used. */
export function renewCertificate(server: Server, files: CertificateFiles): void {
  server.setSecureContext(contextOf(files));
}

function contextOf({ certFile, keyFile, clientCaFile }: CertificateFiles): SecureContextOptions {
  return {
    minVersion: 'TLSv1.2',
    ciphers,
    // A client of TLS 1.2 could else have the hub do a handshake, which costs it more than the client, again on the same connection.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    ...(clientCaFile === undefined ? {} : { ca: readFileSync(clientCaFile) }),
  };
}

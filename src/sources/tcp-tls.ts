import { readFileSync } from 'node:fs';
import type { ServerOpts, Socket } from 'node:net';
import { createServer, type SecureContextOptions, type Server } from 'node:tls';
import type { CertificateFiles } from '../pipeline/component.ts';

const handshakeMs = 10_000;

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
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    ...(clientCaFile === undefined ? {} : { ca: readFileSync(clientCaFile) }),
  };
}

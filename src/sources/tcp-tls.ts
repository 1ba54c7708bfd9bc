import { constants } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
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

interface Owner {
  readonly address: string;
}

/** Makes connections secure. With authorities for clients, those alone that show a certificate of theirs. */
export class Handshakes {
  readonly #server: Server;
  /** Whose connections they are, for as long as these are open. */
  readonly #owners = new Map<string, Owner>();

  /** `done` is given each connection whose handshake has succeeded; one whose has not is closed. Throws when the files cannot be
   *  used. */
  constructor(files: CertificateFiles, done: (socket: Socket, address: string) => void) {
    const asksClients = files.clientCaFile !== undefined;
    const options = { handshakeTimeout: handshakeMs, requestCert: asksClients, rejectUnauthorized: asksClients };
    // It listens to nothing: connections are handed to it (see Event 'connection' of tls.Server in Node's documentation).
    this.#server = createServer({ ...contextOf(files), ...options }, (socket) => {
      const owner = this.#owners.get(endsOf(socket));
      if (owner === undefined) {
        socket.destroy();
        return;
      }
      // Not before: who ends their side in the middle of a handshake has nothing to wait for.
      socket.allowHalfOpen = true;
      done(socket, owner.address);
    });
    this.#server.on('tlsClientError', (_, socket) => {
      socket.destroy();
    });
  }

  /** Takes the connection over, which must not be half-open. */
  begin(socket: Socket, address: string): void {
    const [ends, owner] = [endsOf(socket), { address }];
    this.#owners.set(ends, owner);
    socket.once('close', () => {
      // The next connection with these ends may have come before this one was known to be gone.
      if (this.#owners.get(ends) === owner) this.#owners.delete(ends);
    });
    this.#server.emit('connection', socket);
  }

  /** For the handshakes from now on. Throws, and changes nothing, when the files cannot be used. */
  renew(files: CertificateFiles): void {
    this.#server.setSecureContext(contextOf(files));
  }
}

/** The same for a connection and for what makes it secure, and for no other that is open. */
function endsOf({ localAddress, localPort, remoteAddress, remotePort }: Socket): string {
  return [localAddress, localPort, remoteAddress, remotePort].join(' ');
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

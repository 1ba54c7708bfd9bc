import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { catchError, defer, EMPTY, mergeMap, Observable } from 'rxjs';
import { z } from 'zod';
import { addressKey } from '../limits/address.ts';
import type { Limits } from '../limits/limits.ts';
import type { Access } from '../pipeline/access.ts';
import type { Backlog } from '../pipeline/backlog.ts';
import type { CertificateFiles, ListeningSource } from '../pipeline/component.ts';
import { certificateSetting, hostSetting, pathSetting, portSetting } from '../pipeline/settings.ts';
import { defineSource } from './source-definition.ts';
import { TcpConnection } from './tcp-connection.ts';
import { TcpDoor } from './tcp-door.ts';
import { Handshakes } from './tcp-tls.ts';
import { TcpWatch } from './tcp-watch.ts';

export interface TcpSourceOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Absent: clear text. */
  readonly tls?: CertificateFiles | undefined;
  readonly backlog: Backlog;
  readonly limits: Limits;
  readonly access: Access;
}

export const tcpDefinition = defineSource({
  settings: z
    .strictObject({
      host: hostSetting.default('127.0.0.1'),
      port: portSetting.default(9000),
      tls: certificateSetting.extend({ clientCaFile: pathSetting.optional() }).optional(),
    })
    .prefault({}),
  create: (settings, means) => createTcpSource({ ...settings, ...means }),
});

/** Beside those that are let in: trusted proxies' that have not said whom they speak for, or who are told that there are too
 *  many. */
const maxAtTheDoor = 1_000;
const socketOptions = { noDelay: true, keepAlive: true };
/** How long producers may take to read their last answers when the hub stops. */
const drainMs = 3_000;

/** JSON lines over TCP: one answer line for each line, in order. */
function createTcpSource(options: TcpSourceOptions): ListeningSource {
  const { backlog, limits, access } = options;
  const port = new TcpPort(options);
  return {
    name: 'tcp',
    open: () =>
      port.connections$.pipe(
        mergeMap(({ socket, address }) =>
          defer(() => {
            const connection = new TcpConnection(socket, backlog, access, {
              address,
              allowanceOf: (token) => limits.allowance(addressKey(address), token),
              enterWith: (token) => limits.tokenConnections.enter(token),
            });
            port.watch.add(socket, connection);
            return connection.read();
          }).pipe(catchError(() => EMPTY)),
        ),
      ),
    listening: () => port.listening,
    closed: () => port.closed(),
    certificate: port.certificate,
  };
}

interface Incoming {
  readonly socket: Socket;
  /** The producer's, also behind a proxy. */
  readonly address: string;
}

/** The port and the connections that came in through it. */
class TcpPort {
  readonly listening: Promise<string>;
  readonly watch: TcpWatch;
  readonly #options: TcpSourceOptions;
  readonly #sockets = new Set<Socket>();
  #handshakes: Handshakes | null = null;
  #announce: (address: string) => void = () => undefined;
  #serverClosed: Promise<void> = Promise.resolve();

  constructor(options: TcpSourceOptions) {
    this.#options = options;
    this.watch = new TcpWatch(options.limits.settings, options.limits.refusals);
    this.listening = new Promise((resolve) => (this.#announce = resolve));
  }

  get certificate(): ListeningSource['certificate'] {
    const { tls } = this.#options;
    if (tls === undefined) return undefined;
    return { place: 'tcp.tls', files: tls, renew: () => this.#handshakes?.renew(tls) };
  }

  /** Opens the port while subscribed to. */
  readonly connections$ = new Observable<Incoming>((subscriber) => {
    const { limits, access, tls } = this.#options;
    const take = (socket: Socket, address: string) => {
      if (subscriber.closed) socket.on('error', () => undefined).end();
      else subscriber.next({ socket, address });
      socket.resume();
    };
    const handshakes = (this.#handshakes = tls === undefined ? null : new Handshakes(tls, take));
    const door = new TcpDoor(limits, access, tls !== undefined);
    // Half-open: a producer may end its side and still get every answer.
    const server = createServer({ ...socketOptions, allowHalfOpen: handshakes === null }, (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      // Before the handshake, which costs more than all the rest.
      door.enter(socket, (address) => {
        if (handshakes === null) take(socket, address);
        else handshakes.begin(socket, address);
      });
    });
    server.maxConnections = limits.settings.connections + maxAtTheDoor;
    server.on('drop', () => {
      limits.refusals.count('connections');
    });
    server.on('error', (error) => {
      // One that cannot be accepted leaves the others alone.
      if (!server.listening) subscriber.error(portError(error, this.#options));
    });
    server.listen(this.#options.port, this.#options.host, () => {
      this.#announce(`${handshakes === null ? '' : 'tls://'}${addressText(server)}`);
    });
    this.watch.start();
    return () => {
      this.watch.stop();
      door.close();
      this.#serverClosed = new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      );
    };
  });

  /** Resolves when every connection is gone; cuts those that take too long. */
  closed(): Promise<void> {
    const giveUp = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, drainMs);
    return this.#serverClosed.finally(() => {
      clearTimeout(giveUp);
    });
  }
}

function addressText(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `${family === 'IPv6' ? `[${address}]` : address}:${String(port)}`;
}

function portError(error: NodeJS.ErrnoException, options: TcpSourceOptions): Error {
  const place = `${options.host}:${String(options.port)}`;
  if (error.code === 'EADDRINUSE') {
    return new Error(`tcp: ${place} is taken by another program; stop it, or set tcp.port (HUB_TCP_PORT)`);
  }
  if (error.code === 'EACCES') {
    return new Error(`tcp: ${place} may not be opened by this user; set tcp.port (HUB_TCP_PORT) to 1024 or above`);
  }
  return new Error(`tcp: cannot listen on ${place}: ${error.message}; check tcp.host (HUB_TCP_HOST)`);
}

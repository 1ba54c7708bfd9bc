import uWS, { type TemplatedApp, type us_listen_socket } from 'uWebSockets.js';
import type { CertificateFiles } from '../pipeline/component.ts';

/** Without it the system lets another program share the port, and half of the requests go there. Neither the constant nor
 *  this form of `listen` is in the package's types. */
const exclusivePort = 1;
type ListeningApp = TemplatedApp & {
  listen(host: string, port: number, options: number, callback: (socket: us_listen_socket | false) => void): void;
};

/** For TLS 1.2; those of 1.3 are all as good. Older versions uWebSockets.js refuses by itself. */
const ciphers = 'ECDHE+AESGCM:ECDHE+CHACHA20';

export interface PortOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Absent: clear text. */
  readonly tls: CertificateFiles | undefined;
  /** Attaches what answers to a new app. */
  readonly equip: (app: TemplatedApp) => void;
}

/** The port of HTTP and WebSocket. An app of uWebSockets.js keeps the certificate that it began with, so a new one comes
 *  with a new app, to which the port goes over; the connections of those before live on. */
export class Port {
  readonly #options: PortOptions;
  readonly #apps: ListeningApp[] = [];
  #listenSocket: us_listen_socket | null = null;
  #number = 0;

  constructor(options: PortOptions) {
    this.#options = options;
  }

  /** The bound port, 0 before it is open. */
  get number(): number {
    return this.#number;
  }

  /** Throws, with a message for people, when it cannot be had. */
  open(): void {
    const { host, port, tls } = this.#options;
    const app = this.#createApp();
    this.#apps.push(app);
    this.#listenSocket = listenWith(app, host, port);
    if (this.#listenSocket === null) {
      throw new Error(
        `http: ${host}:${String(port)} cannot be opened, most likely another program has it; stop that, or set http.port (HUB_HTTP_PORT)`,
      );
    }
    this.#number = uWS.us_socket_local_port(this.#listenSocket);
    // Only one that was opened by its number can be opened again while its connections live.
    if (port === 0 && tls !== undefined) this.#handOver(app, app);
  }

  /** New connections get the certificate that the files hold now. One that arrives at this very moment is refused. Throws,
   *  and goes on as before, when that cannot be done. */
  renewCertificate(): void {
    const last = this.#apps.at(-1);
    if (this.#listenSocket === null || last === undefined) return;
    const app = this.#createApp();
    this.#apps.push(app);
    this.#handOver(last, app);
  }

  publish(topic: string, frame: string): void {
    for (const app of this.#apps) app.publish(topic, frame);
  }

  /** Takes no new connections; open ones go on. */
  stopListening(): void {
    if (this.#listenSocket !== null) uWS.us_listen_socket_close(this.#listenSocket);
    this.#listenSocket = null;
  }

  /** Cuts every connection. */
  close(): void {
    this.stopListening();
    for (const app of this.#apps) app.close();
  }

  #createApp(): ListeningApp {
    const { tls, equip } = this.#options;
    const app = tls === undefined ? uWS.App() : createTlsApp(tls);
    equip(app);
    return app as ListeningApp;
  }

  #handOver(from: ListeningApp, to: ListeningApp): void {
    const { host } = this.#options;
    this.stopListening();
    this.#listenSocket = listenWith(to, host, this.#number);
    if (this.#listenSocket !== null) return;
    this.#listenSocket = listenWith(from, host, this.#number);
    throw new Error(`http: ${host}:${String(this.#number)} cannot be opened again; restart the hub`);
  }
}

function createTlsApp({ certFile, keyFile }: CertificateFiles): TemplatedApp {
  try {
    return uWS.SSLApp({ cert_file_name: certFile, key_file_name: keyFile, ssl_ciphers: ciphers });
  } catch {
    throw new Error(
      `http.tls: ${certFile} and ${keyFile} cannot be used (HUB_HTTP_TLS_CERT_FILE, HUB_HTTP_TLS_KEY_FILE); a key of RSA or ECDSA (P-256) works everywhere`,
    );
  }
}

/** uWebSockets.js answers before this returns. */
function listenWith(app: ListeningApp, host: string, port: number): us_listen_socket | null {
  let listenSocket: us_listen_socket | null = null;
  app.listen(host, port, exclusivePort, (socket) => {
    if (socket !== false) listenSocket = socket;
  });
  return listenSocket;
}

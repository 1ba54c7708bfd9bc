import type { TemplatedApp } from 'uWebSockets.js';
import type { Limits } from '../limits/limits.ts';
import { RefusedError } from '../pipeline/codes.ts';
import type { CertificateFiles, CertificateUse } from '../pipeline/component.ts';
import type { Admission } from './admission.ts';
import { createBoundary, type Boundary } from './boundary.ts';
import { ConnectionGate } from './connection-gate.ts';
import { refuseTokenInUrl } from './credential.ts';
import { Exchange } from './exchange.ts';
import { Port } from './port.ts';
import { createRouter, type FindRoute, type Route } from './router.ts';
import { StreamTopics } from './stream-topics.ts';
import { attachWebSocket, type WebSocketEndpoint } from './web-socket.ts';
import type { WsSessionOptions } from './ws-session.ts';

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Absent: clear text. */
  readonly tls?: CertificateFiles | undefined;
  readonly publicUrl: string | undefined;
  readonly limits: Limits;
  readonly reportFailure: (error: unknown) => void;
}

/** What answers, once it is there. */
export interface ServerParts {
  readonly routes: readonly Route[];
  readonly admission: Admission;
  readonly webSocket: WsSessionOptions;
}

/** HTTP and WebSocket, on one port. */
export class Server {
  readonly topics = new StreamTopics();
  readonly #options: ServerOptions;
  readonly #boundary: Boundary;
  readonly #gate: ConnectionGate;
  readonly #port: Port;
  /** One for each certificate so far. */
  readonly #webSockets: WebSocketEndpoint[] = [];
  #parts: (Omit<ServerParts, 'routes'> & { readonly find: FindRoute }) | null = null;

  constructor(options: ServerOptions) {
    this.#options = options;
    const { host, port, tls, publicUrl } = options;
    this.#boundary = createBoundary({ host, publicUrl, isSecure: tls !== undefined });
    this.#gate = new ConnectionGate(options.limits, tls !== undefined);
    this.#port = new Port({
      host,
      port,
      tls,
      equip: (app) => {
        this.#equip(app);
      },
    });
  }

  /** The bound port, 0 before it is open. */
  get port(): number {
    return this.#port.number;
  }

  /** Undefined when it is served in clear text. */
  get certificate(): CertificateUse | undefined {
    const { tls } = this.#options;
    const renew = () => {
      this.#port.renewCertificate();
    };
    return tls === undefined ? undefined : { place: 'http.tls', files: tls, renew };
  }

  /** Live frames for the outlets that have joined the topic, WebSockets and streams alike. */
  readonly publish = (topic: string, frame: string): void => {
    if (topic.startsWith('ws/')) this.#port.publish(topic, frame);
    else this.topics.publish(topic, frame);
  };

  /** Opens the port and gives its number. Throws, with a message for people, when it cannot be had. */
  listen({ routes, ...parts }: ServerParts): number {
    this.#parts = { find: createRouter(routes), ...parts };
    this.#port.open();
    return this.#port.number;
  }

  /** Takes no new connections; open ones go on. */
  stopListening(): void {
    this.#port.stopListening();
  }

  /** Ends every connection: WebSockets with 1012, and what has not gone after a moment by force. */
  async close(): Promise<void> {
    this.stopListening();
    await Promise.all(this.#webSockets.map((webSocket) => webSocket.close()));
    this.#port.close();
  }

  #equip(app: TemplatedApp): void {
    if (this.#parts === null) return;
    const { find, admission, webSocket } = this.#parts;
    const { limits, reportFailure } = this.#options;
    const [boundary, gate] = [this.#boundary, this.#gate];
    gate.attach(app);
    this.#webSockets.push(
      attachWebSocket(app, { boundary, admission, session: webSocket, limits, gate, reportFailure }),
    );
    app.any('/*', (response, request) => {
      void this.#handle(new Exchange(response, request, boundary.isSecure, limits), find, admission);
    });
  }

  async #handle(exchange: Exchange, find: FindRoute, admission: Admission): Promise<void> {
    if (exchange.refuseAmbiguous()) return;
    try {
      takePlace(exchange, this.#options.limits);
      if (exchange.method === 'GET' || exchange.method === 'HEAD') this.#boundary.check(exchange.origin);
      else this.#boundary.checkStateChange(exchange.origin);
      refuseTokenInUrl(exchange.queryText);
      const { route, parameters } = find(exchange.method, exchange.path);
      if (route.needs === 'open') await route.handle(exchange, parameters);
      else await route.handle(exchange, parameters, admission.admit(exchange, [route.needs]));
    } catch (error) {
      this.#refuse(exchange, error);
    }
  }

  #refuse(exchange: Exchange, error: unknown): void {
    const mayHaveBody = exchange.method !== 'GET' && exchange.method !== 'HEAD';
    if (error instanceof RefusedError) {
      exchange.refuse(error.code, error.message, !(mayHaveBody && error.code === 'too_large'), error.retryAfter);
      return;
    }
    this.#options.reportFailure(error);
    exchange.refuse('unavailable', 'the hub could not do this; its own log says why', !mayHaveBody);
  }
}

/** Until the exchange is over. */
function takePlace(exchange: Exchange, { httpExchanges }: Limits): void {
  const leave = httpExchanges.enter(exchange.clientKey);
  if (leave === null) throw new RefusedError('rate_limited', 'too many requests at a time; wait for some to end', 1);
  exchange.whenOver(leave);
}

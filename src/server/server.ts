import uWS, { type TemplatedApp, type us_listen_socket } from 'uWebSockets.js';
import { RefusedError } from '../pipeline/codes.ts';
import { createBoundary, type Boundary } from './boundary.ts';
import { Exchange } from './exchange.ts';
import { createRouter, type FindHandle, type Route } from './router.ts';
import { StreamTopics } from './stream-topics.ts';
import { attachWebSocket, type WebSocketEndpoint } from './web-socket.ts';
import type { WsSessionOptions } from './ws-session.ts';

/** Without it the system lets another program share the port, and half of the requests go there. Neither the constant nor
 *  this form of `listen` is in the package's types. */
const exclusivePort = 1;
type ListeningApp = TemplatedApp & {
  listen(host: string, port: number, options: number, callback: (socket: us_listen_socket | false) => void): void;
};

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly reportFailure: (error: unknown) => void;
}

/** What answers, once it is there. */
export interface ServerParts {
  readonly routes: readonly Route[];
  readonly webSocket: WsSessionOptions;
}

/** HTTP and WebSocket: the one uWebSockets.js app. */
export class Server {
  readonly topics = new StreamTopics();
  readonly #options: ServerOptions;
  readonly #app = uWS.App();
  readonly #boundary: Boundary;
  #webSocket: WebSocketEndpoint | null = null;
  #listenSocket: us_listen_socket | null = null;
  #port = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#boundary = createBoundary(options);
  }

  /** The bound port, 0 before it is open. */
  get port(): number {
    return this.#port;
  }

  /** Live frames for the outlets that have joined the topic, WebSockets and streams alike. */
  readonly publish = (topic: string, frame: string): void => {
    if (topic.startsWith('ws/')) this.#app.publish(topic, frame);
    else this.topics.publish(topic, frame);
  };

  /** Opens the port and resolves with it. Rejects, with a message for people, when it cannot be had. */
  listen({ routes, webSocket }: ServerParts): Promise<number> {
    const { host, port, reportFailure } = this.#options;
    const find = createRouter(routes);
    this.#webSocket = attachWebSocket(this.#app, this.#boundary, webSocket, reportFailure);
    this.#app.any('/*', (response, request) => {
      void this.#handle(new Exchange(response, request), find);
    });
    return new Promise((resolve, reject) => {
      (this.#app as ListeningApp).listen(host, port, exclusivePort, (listenSocket) => {
        if (listenSocket === false) {
          reject(
            new Error(
              `http: ${host}:${String(port)} cannot be opened, most likely another program has it; stop that, or set http.port (HUB_HTTP_PORT)`,
            ),
          );
          return;
        }
        this.#listenSocket = listenSocket;
        this.#port = uWS.us_socket_local_port(listenSocket);
        resolve(this.#port);
      });
    });
  }

  /** Takes no new connections; open ones go on. */
  stopListening(): void {
    if (this.#listenSocket !== null) uWS.us_listen_socket_close(this.#listenSocket);
    this.#listenSocket = null;
  }

  /** Ends every connection: WebSockets with 1012, and what has not gone after a moment by force. */
  async close(): Promise<void> {
    this.stopListening();
    await this.#webSocket?.close();
    this.#app.close();
  }

  async #handle(exchange: Exchange, find: FindHandle): Promise<void> {
    try {
      if (exchange.method === 'GET' || exchange.method === 'HEAD') this.#boundary.check(exchange.origin);
      else this.#boundary.checkStateChange(exchange.origin);
      const { handle, parameters } = find(exchange.method, exchange.path);
      await handle(exchange, parameters);
    } catch (error) {
      this.#refuse(exchange, error);
    }
  }

  #refuse(exchange: Exchange, error: unknown): void {
    const mayHaveBody = exchange.method !== 'GET' && exchange.method !== 'HEAD';
    if (error instanceof RefusedError) {
      exchange.refuse(error.code, error.message, !(mayHaveBody && error.code === 'too_large'));
      return;
    }
    this.#options.reportFailure(error);
    exchange.refuse('unavailable', 'the hub could not do this; its own log says why', !mayHaveBody);
  }
}

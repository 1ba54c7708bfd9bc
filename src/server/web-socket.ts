import { setTimeout } from 'node:timers/promises';
import type { HttpRequest, HttpResponse, TemplatedApp, us_socket_context_t, WebSocket } from 'uWebSockets.js';
import { RefusedError } from '../pipeline/codes.ts';
import type { SubscribeRequest } from '../pipeline/subscriptions.ts';
import type { Boundary } from './boundary.ts';
import { Exchange } from './exchange.ts';
import { readUpgrade } from './subscribe-request.ts';
import { WsOutlet } from './ws-outlet.ts';
import { WsSession, type WsSessionOptions } from './ws-session.ts';

const maxFrameBytes = 1024 * 1024;
/** Beyond what the hub itself ever lets wait for a client, so that uWebSockets.js never drops a frame on its own: what a
 *  subscriber may hold, unread answers, and the largest answer there is on top. */
const maxBackpressureBytes = 16 * 1024 * 1024;
/** Longer than what is left unread may stay so, whose code says more than a connection that is cut. */
const idleTimeoutSeconds = 120;
const limits = {
  maxPayloadLength: maxFrameBytes,
  maxBackpressure: maxBackpressureBytes,
  idleTimeout: idleTimeoutSeconds,
  sendPingsAutomatically: true,
} as const;
/** For a close frame to go out before its connection is cut. */
const lingerMs = 100;

interface Connected {
  readonly request: SubscribeRequest | null;
  /** The cursor of the upgrade leads nowhere, which a browser can only be told on an open socket. */
  readonly refusal: RefusedError | null;
  session: WsSession<Connected> | null;
}

type Socket = WebSocket<Connected>;

export interface WebSocketEndpoint {
  /** Ends every connection with 1012; resolves when that has reached the clients, or after a moment. */
  close(): Promise<void>;
}

/** The endpoint `/ws`. */
export function attachWebSocket(
  app: TemplatedApp,
  boundary: Boundary,
  options: WsSessionOptions,
  reportFailure: (error: unknown) => void,
): WebSocketEndpoint {
  const outlets = new Map<Socket, WsOutlet<Connected>>();
  const guarded = guardedBy(reportFailure);
  app.ws<Connected>('/ws', {
    ...limits,
    upgrade: (response, request, context) => {
      upgrade(response, request, context, boundary, options, reportFailure);
    },
    open: (socket) => {
      guarded(socket, () => {
        const outlet = new WsOutlet(socket);
        outlets.set(socket, outlet);
        begin(socket.getUserData(), outlet, options);
      });
    },
    message: (socket, message, isBinary) => {
      guarded(socket, () => {
        receive(socket.getUserData().session, message, isBinary);
      });
    },
    drain: (socket) => {
      guarded(socket, () => {
        socket.getUserData().session?.drained();
      });
    },
    close: (socket) => {
      outlets.delete(socket);
      socket.getUserData().session?.closed();
    },
  });

  return { close: () => endAll(outlets.values()) };
}

async function endAll(outlets: Iterable<WsOutlet<Connected>>): Promise<void> {
  for (const outlet of [...outlets]) outlet.end('restarting');
  await setTimeout(lingerMs);
}

/** Nothing may be thrown into uWebSockets.js. */
function guardedBy(reportFailure: (error: unknown) => void): (socket: Socket, act: () => void) => void {
  return (socket, act) => {
    try {
      act();
    } catch (error) {
      reportFailure(error);
      socket.end(1011, 'internal error');
    }
  };
}

function begin(connected: Connected, outlet: WsOutlet<Connected>, options: WsSessionOptions): void {
  connected.session = new WsSession(outlet, options);
  if (connected.refusal === null) connected.session.open(connected.request);
  else connected.session.refuse(connected.refusal);
}

function receive(session: WsSession<Connected> | null, message: ArrayBuffer, isBinary: boolean): void {
  if (isBinary) session?.refuse(new RefusedError('invalid_request', 'frame: must be text; got a binary one'));
  else session?.receive(Buffer.from(message).toString('utf8'));
}

function upgrade(
  response: HttpResponse,
  request: HttpRequest,
  context: us_socket_context_t,
  boundary: Boundary,
  options: WsSessionOptions,
  reportFailure: (error: unknown) => void,
): void {
  const key = request.getHeader('sec-websocket-key');
  const protocol = request.getHeader('sec-websocket-protocol');
  const extensions = request.getHeader('sec-websocket-extensions');
  const exchange = new Exchange(response, request, boundary.isSecure);
  const connected: Connected = { request: null, refusal: null, session: null };
  try {
    boundary.check(exchange.origin);
    Object.assign(connected, { request: readUpgrade(exchange.queryText, options.bounds(), options.clock()) });
  } catch (error) {
    if (!(error instanceof RefusedError)) {
      reportFailure(error);
      exchange.refuse('unavailable', 'the hub could not do this; its own log says why', false);
      return;
    }
    if (error.code !== 'wrong_epoch' && error.code !== 'gone') {
      exchange.refuse(error.code, error.message, false);
      return;
    }
    Object.assign(connected, { refusal: error });
  }
  response.upgrade(connected, key, protocol, extensions, context);
}

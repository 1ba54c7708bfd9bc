import { setTimeout } from 'node:timers/promises';
import type { HttpRequest, HttpResponse, TemplatedApp, us_socket_context_t, WebSocket } from 'uWebSockets.js';
import type { Limits } from '../limits/limits.ts';
import type { Leave } from '../limits/occupancy.ts';
import { mayDo, type Principal } from '../pipeline/access.ts';
import { RefusedError } from '../pipeline/codes.ts';
import type { SubscribeRequest } from '../pipeline/subscriptions.ts';
import { addressText } from './address-text.ts';
import type { Admission } from './admission.ts';
import type { Boundary } from './boundary.ts';
import type { ConnectionGate } from './connection-gate.ts';
import { refuseTokenInUrl, subprotocolOf } from './credential.ts';
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
const behavior = {
  maxPayloadLength: maxFrameBytes,
  maxBackpressure: maxBackpressureBytes,
  idleTimeout: idleTimeoutSeconds,
  sendPingsAutomatically: true,
} as const;
/** For a close frame to go out before its connection is cut. */
const lingerMs = 100;

export interface WebSocketOptions {
  readonly boundary: Boundary;
  readonly admission: Admission;
  readonly session: WsSessionOptions;
  readonly limits: Limits;
  readonly gate: ConnectionGate;
  readonly reportFailure: (error: unknown) => void;
}

interface Connected {
  readonly address: string;
  /** Give back its places among the connections of its address and of its token. */
  readonly leaves: Leave[];
  readonly principal: Principal;
  readonly request: SubscribeRequest | null;
  /** The cursor of the upgrade leads nowhere, or there are too many, which a browser can only be told on an open socket. */
  readonly refusal: RefusedError | null;
  session: WsSession<Connected> | null;
}

type Socket = WebSocket<Connected>;

export interface WebSocketEndpoint {
  /** Ends every connection with 1012; resolves when that has reached the clients, or after a moment. */
  close(): Promise<void>;
}

/** The endpoint `/ws`. */
export function attachWebSocket(app: TemplatedApp, options: WebSocketOptions): WebSocketEndpoint {
  const outlets = new Map<Socket, WsOutlet<Connected>>();
  const guarded = guardedBy(options.reportFailure);
  app.ws<Connected>('/ws', {
    ...behavior,
    upgrade: (response, request, context) => {
      upgrade(response, request, context, options);
    },
    open: (socket) => {
      guarded(socket, () => {
        const connected = socket.getUserData();
        const outlet = new WsOutlet(socket, connected.address);
        outlets.set(socket, outlet);
        begin(connected, outlet, options);
      });
    },
    message: (socket, message, isBinary) => {
      guarded(socket, () => {
        receive(socket.getUserData().session, message, isBinary);
      });
    },
    ping: (socket) => {
      guarded(socket, () => socket.getUserData().session?.pinged());
    },
    drain: (socket) => {
      guarded(socket, () => {
        socket.getUserData().session?.drained();
      });
    },
    close: (socket) => {
      outlets.delete(socket);
      options.gate.webSocketClosed();
      const { session, leaves } = socket.getUserData();
      for (const leave of leaves) leave();
      session?.closed();
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

function begin(connected: Connected, outlet: WsOutlet<Connected>, { session, limits }: WebSocketOptions): void {
  const { principal, leaves, request } = connected;
  connected.session = new WsSession(outlet, principal, session, limits);
  const leave = limits.tokenConnections.enter(principal.token);
  if (leave !== null) leaves.push(leave);
  const refusal = connected.refusal ?? (leave === null ? tooMany('too many connections with this token') : null);
  if (refusal === null) connected.session.open(request);
  else connected.session.refuse(refusal);
}

function tooMany(what: string): RefusedError {
  return new RefusedError('rate_limited', `${what}; close some, or wait`, 1);
}

function receive(session: WsSession<Connected> | null, message: ArrayBuffer, isBinary: boolean): void {
  if (isBinary) session?.receiveBinary(message.byteLength);
  else session?.receive(Buffer.from(message).toString('utf8'), message.byteLength);
}

function upgrade(
  response: HttpResponse,
  request: HttpRequest,
  context: us_socket_context_t,
  options: WebSocketOptions,
): void {
  const key = request.getHeader('sec-websocket-key');
  const extensions = request.getHeader('sec-websocket-extensions');
  const exchange = new Exchange(response, request, options.boundary.isSecure, options.limits);
  if (exchange.refuseAmbiguous()) return;
  const leave = enter(exchange, addressText(response.getRemoteAddress()), options.limits);
  try {
    const admitted = admit(exchange, leave !== null, options);
    const connected: Connected = {
      ...admitted,
      address: exchange.address,
      leaves: leave === null ? [] : [leave],
      session: null,
    };
    response.upgrade(connected, key, subprotocolOf(exchange), extensions, context);
  } catch (error) {
    leave?.();
    refuseUpgrade(exchange, error, options.reportFailure);
  }
}

/** Takes a place among the connections of the client's address; null when it may not. Who comes through a trusted proxy was not
 *  counted when the proxy connected. */
function enter(exchange: Exchange, peer: string, limits: Limits): Leave | null {
  const mayConnect = !limits.proxies.includes(peer) || limits.mayConnect(exchange.clientKey);
  return mayConnect ? limits.httpExchanges.enter(exchange.clientKey) : null;
}

/** Throws a refusal of the upgrade; one that a browser can only be told on an open socket is part of the result. */
function admit(
  exchange: Exchange,
  hasRoom: boolean,
  { boundary, admission, session }: WebSocketOptions,
): Pick<Connected, 'principal' | 'request' | 'refusal'> {
  boundary.check(exchange.origin);
  refuseTokenInUrl(exchange.queryText);
  const principal = admission.admit(exchange, ['ingest', 'read']);
  try {
    const request = readUpgrade(exchange.queryText, session.bounds(), session.clock());
    if (request !== null && !mayDo(principal, 'read')) {
      const rule = `a subscription needs a token with the role read; this one has ${principal.role}`;
      throw new RefusedError('forbidden', `${rule}: connect to /ws?subscribe=0 to publish`);
    }
    if (!hasRoom) throw tooMany('too many connections');
    return { principal, request, refusal: null };
  } catch (error) {
    if (!(error instanceof RefusedError) || !isToldOnSocket(error)) throw error;
    return { principal, request: null, refusal: error };
  }
}

function isToldOnSocket({ code }: RefusedError): boolean {
  return code === 'wrong_epoch' || code === 'gone' || code === 'rate_limited';
}

function refuseUpgrade(exchange: Exchange, error: unknown, reportFailure: (error: unknown) => void): void {
  if (error instanceof RefusedError) {
    exchange.refuse(error.code, error.message, false, error.retryAfter);
    return;
  }
  reportFailure(error);
  exchange.refuse('unavailable', 'the hub could not do this; its own log says why', false);
}

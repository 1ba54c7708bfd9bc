import { resolveEndpoint, type Endpoint } from './endpoint.ts';
import { endOfClose, endOfFailure, type SocketEnd } from './socket-end.ts';

/** The part of a WebSocket that the client needs. The browser's own and that of the `ws` package both fit; what is
 *  optional here, the browser lacks. */
export interface Socket {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  terminate?(): void;
  pause?(): void;
  resume?(): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'error', listener: (event: { readonly message?: string }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}

/** A browser ignores `options`: there the cookie of the dashboard's login takes the place of the token. */
export type WebSocketConstructor = new (
  url: string,
  protocols?: string[],
  options?: { headers: Record<string, string>; closeTimeout: number },
) => Socket;

/** One frame of the hub, its fields not looked at yet. */
export type Frame = Readonly<Record<string, unknown>>;

export interface SocketListener {
  open(): void;
  frame(frame: Frame): void;
  end(end: SocketEnd): void;
}

/** A connection that is being made or stands. After `close` and `cut`, and after `end` was told, it tells nothing more. */
export interface SocketLink {
  /** A frame as JSON text. */
  send(text: string): void;
  /** Closes in good order. */
  close(): void;
  /** Gives up a link that is dead: it would not answer the closing handshake. */
  cut(): void;
  pause(): void;
  resume(): void;
}

/** How long the other side may take to answer that this one closes; a program that ends waits for it. */
const closeTimeoutMs = 1_000;

/** Connects, without a subscription yet, and tells the listener what happens: `end` at most once and last, nothing
 *  before this returns. Subscribing is left to a frame, because a browser tells nothing about an upgrade that was
 *  refused for a bad query. */
export function openSocket(WebSocket: WebSocketConstructor, endpoint: Endpoint, listener: SocketListener): SocketLink {
  let socket: Socket;
  try {
    socket = construct(WebSocket, endpoint);
  } catch (error) {
    return failedLink(error, listener);
  }
  const talk = new Talk(socket, listener);
  return {
    send: (text) => socket.send(text),
    close: () => {
      talk.silence();
      // One that does not read would not see the answer.
      socket.resume?.();
      socket.close(1000);
    },
    cut: () => {
      talk.silence();
      if (socket.terminate === undefined) socket.close(1000);
      else socket.terminate();
    },
    pause: () => socket.pause?.(),
    resume: () => socket.resume?.(),
  };
}

/** What a socket tells, until it is over. */
class Talk {
  readonly #socket: Socket;
  readonly #listener: SocketListener;
  #isOver = false;
  #failure: string | undefined;

  constructor(socket: Socket, listener: SocketListener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.addEventListener('open', () => {
      if (!this.#isOver) listener.open();
    });
    socket.addEventListener('message', ({ data }) => this.#message(data));
    // `ws` throws what nobody listens to; both kinds tell `close` right after it.
    socket.addEventListener('error', ({ message }) => {
      this.#failure ??= message;
    });
    socket.addEventListener('close', ({ code, reason }) => {
      this.#end(this.#failure === undefined ? endOfClose(code, reason) : endOfFailure(this.#failure));
    });
  }

  silence(): void {
    this.#isOver = true;
  }

  #message(data: unknown): void {
    if (this.#isOver) return;
    const frame = parseFrame(data);
    if (frame !== undefined) {
      this.#listener.frame(frame);
      return;
    }
    const reason = 'the peer sent something that is not a JSON object: is it a hub?';
    this.#end({ code: 'protocol', reason, isFinal: false });
    this.#socket.close();
  }

  #end(end: SocketEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.end(end);
  }
}

function construct(WebSocket: WebSocketConstructor, endpoint: Endpoint): Socket {
  const { url, authorization: headers } = resolveEndpoint(endpoint);
  const address = `${url}${url.includes('?') ? '&' : '?'}subscribe=0`;
  return new WebSocket(address, [], { headers, closeTimeout: closeTimeoutMs });
}

/** An address that no socket can be made for is told later, as any other failure is. */
function failedLink(error: unknown, listener: SocketListener): SocketLink {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const timer = setTimeout(() => {
    if (name === 'SyntaxError') listener.end({ code: 'invalid_url', reason: message, isFinal: true });
    else listener.end({ code: 'unavailable', reason: message, isFinal: false });
  }, 0);
  const nothing = (): void => undefined;
  const drop = (): void => clearTimeout(timer);
  return { send: nothing, close: drop, cut: drop, pause: nothing, resume: nothing };
}

function parseFrame(data: unknown): Frame | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const value = JSON.parse(data) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Frame) : undefined;
  } catch {
    return undefined;
  }
}

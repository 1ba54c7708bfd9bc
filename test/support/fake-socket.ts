import type { Frame, Socket, WebSocketConstructor } from '../../src/client/socket.ts';
import type { RecordedEvent } from '../../src/pipeline/event.ts';

interface SocketEvent {
  readonly data?: unknown;
  readonly message?: string;
  readonly code?: number;
  readonly reason?: string;
}

/** A WebSocket without a network: a test plays the hub's part and sees what the client did. */
export class FakeSocket implements Socket {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sent: Frame[] = [];
  /** How the client has ended it, if it has. */
  ended: 'closed' | 'cut' | undefined;
  isPaused = false;
  readonly #listeners = new Map<string, (event: SocketEvent) => void>();

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.url = url;
    this.headers = headers;
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, listener as (event: SocketEvent) => void);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Frame);
  }

  close(): void {
    this.ended = 'closed';
  }

  terminate(): void {
    this.ended = 'cut';
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  /** What the network does. */
  fire(type: 'open' | 'message' | 'error' | 'close', event: SocketEvent = {}): void {
    this.#listeners.get(type)?.(event);
  }

  receive(...frames: readonly Frame[]): void {
    for (const frame of frames) this.fire('message', { data: JSON.stringify(frame) });
  }

  break(code = 1006, reason = ''): void {
    this.fire('close', { code, reason });
  }
}

export interface FakeNetwork {
  readonly WebSocket: WebSocketConstructor;
  /** Every socket that was made, in order. */
  readonly sockets: readonly FakeSocket[];
  /** The newest. */
  last(): FakeSocket;
}

export function fakeNetwork(onSocket: (socket: FakeSocket) => void = () => undefined): FakeNetwork {
  const sockets: FakeSocket[] = [];
  class Connected extends FakeSocket {
    constructor(url: string, _protocols?: string[], options?: { headers: Record<string, string> }) {
      super(url, options?.headers);
      sockets.push(this);
      onSocket(this);
    }
  }
  const last = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was made');
    return socket;
  };
  return { WebSocket: Connected, sockets, last };
}

export function anEvent(position: number, fields: Partial<RecordedEvent> = {}): RecordedEvent {
  const at = new Date(Date.UTC(2025, 0, 1) + position * 1_000).toISOString();
  return {
    position,
    type: 'event',
    id: `id-${position}`,
    time: at,
    receivedAt: at,
    source: 'sensor_01',
    severity: 'info',
    message: `message ${position}`,
    channel: 'tcp',
    key: 'sensor_01',
    status: 'firing',
    ...fields,
  };
}

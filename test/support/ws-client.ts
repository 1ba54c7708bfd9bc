import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { waitFor } from './deadline.ts';

export interface Frame {
  readonly type: string;
  readonly [name: string]: unknown;
}

/** A WebSocket client that keeps every frame it was sent. */
export interface WsClient {
  readonly socket: WebSocket;
  readonly frames: readonly Frame[];
  /** Positions of all events so far. */
  readonly positions: readonly number[];
  /** Code and reason, once the connection is closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(frame: unknown): void;
  /** The first frame that fits, now or later. */
  frame(fits: string | ((frame: Frame) => boolean)): Promise<Frame>;
}

/** Connects to `/ws` of the hub; `http` is its URL, `query` begins with `?`. Cut off when the test has finished. */
export async function connectWs(http: string, query = '', headers: Record<string, string> = {}): Promise<WsClient> {
  const socket = new WebSocket(`${http.replace('http', 'ws')}/ws${query}`, { headers });
  onTestFinished(() => {
    socket.terminate();
  });
  const frames: Frame[] = [];
  const positions: number[] = [];
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString('utf8')) as Frame;
    frames.push(frame);
    if (frame.type === 'events') positions.push(...(frame['events'] as { position: number }[]).map((e) => e.position));
  });
  const closed = once(socket, 'close').then(([code, reason]) => ({ code: code as number, reason: String(reason) }));
  closed.catch(() => undefined);
  await once(socket, 'open');
  return {
    socket,
    frames,
    positions,
    closed,
    send: (frame) => {
      socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
    },
    frame: (fits) => {
      const isIt = typeof fits === 'string' ? (frame: Frame) => frame.type === fits : fits;
      return waitFor(() => frames.find(isIt), {
        what: `a frame ${String(fits)} among ${JSON.stringify(frames).slice(0, 300)}`,
        within: 10_000,
      });
    },
  };
}

/** The status with which the hub refuses an upgrade, and its answer. */
export async function refusedUpgrade(
  http: string,
  query = '',
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const socket = new WebSocket(`${http.replace('http', 'ws')}/ws${query}`, { headers });
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    AsyncIterable<Buffer> & { statusCode: number },
  ];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
}

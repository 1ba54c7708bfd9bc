import { once } from 'node:events';
import { request, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { RecordedEvent } from '../../src/pipeline/event.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** JSON where it is some, else text. */
  readonly body: unknown;
}

export interface HttpRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One request, with every header as the test gives it (`fetch` sets `Host` and `Origin` itself). */
export async function ask(url: string, { method = 'GET', headers = {}, body }: HttpRequest = {}): Promise<HttpAnswer> {
  const outgoing = request(url, { method, headers, agent: false });
  // The hub may answer and close before it has read everything.
  outgoing.on('error', () => undefined);
  outgoing.end(body);
  return answerTo(outgoing);
}

async function answerTo(outgoing: ClientRequest): Promise<HttpAnswer> {
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const isJson = response.headers['content-type']?.startsWith('application/json') === true && text !== '';
  return { status: response.statusCode ?? 0, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

export function post(http: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
  return ask(`${http}/api/events`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });
}

/** Sends the head of a POST, and resolves with how to send its body and have the answer. */
export async function openPost(
  url: string,
  type: string,
  bytes: number,
): Promise<(body: string) => Promise<HttpAnswer>> {
  const headers = { 'Content-Type': type, 'Content-Length': String(bytes) };
  const outgoing = request(url, { method: 'POST', headers, agent: false });
  outgoing.on('error', () => undefined);
  outgoing.flushHeaders();
  const [socket] = (await once(outgoing, 'socket')) as [Socket];
  if (socket.connecting) await once(socket, 'connect');
  return (body) => {
    outgoing.end(body);
    return answerTo(outgoing);
  };
}

export interface Page {
  readonly epoch: string;
  readonly head: number;
  readonly first: number;
  readonly events: readonly RecordedEvent[];
  readonly next: number | null;
}

/** A page of events; `query` without its question mark. */
export async function page(http: string, query = '', headers: Readonly<Record<string, string>> = {}): Promise<Page> {
  const { status, body } = await ask(`${http}/api/events?${query}`, { headers });
  if (status !== 200) throw new Error(`${query}: ${status} ${JSON.stringify(body)}`);
  return body as Page;
}

/** What an answer that streams has brought so far. */
export interface Streamed {
  readonly headers: IncomingHttpHeaders;
  readonly text: () => string;
  /** Positions of all events in it. */
  readonly positions: () => readonly number[];
  /** Stops reading, until `resume`. */
  pause(): void;
  resume(): void;
  cut(): void;
  readonly ended: Promise<unknown>;
}

/** Reads a stream of `GET /api/events`; cut off when the test has finished. */
export async function openStream(url: string, headers: Readonly<Record<string, string>>): Promise<Streamed> {
  const outgoing = request(url, { headers, agent: false });
  outgoing.on('error', () => undefined);
  onTestFinished(() => {
    outgoing.destroy();
  });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  let rest = '';
  const positions: number[] = [];
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    // At once and not when asked: whoever waits asks often, and the text may be long.
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, position] = /^(?:data: )?\{"position":(\d+),/.exec(line) ?? [];
      if (position !== undefined) positions.push(Number(position));
    }
  });
  const ended = new Promise((resolve) => {
    response.once('end', () => resolve('end')).once('error', () => resolve('broken'));
  });
  return {
    headers: response.headers,
    text: () => text,
    positions: () => positions,
    pause: () => response.pause(),
    resume: () => response.resume(),
    cut: () => outgoing.destroy(),
    ended,
  };
}

/** Writes bytes to the hub's port and resolves with all that comes back until the connection ends. */
export async function askRaw(http: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(http);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.write(bytes);
  await once(socket, 'close');
  return text;
}

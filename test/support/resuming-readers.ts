import { WebSocket } from 'ws';
import { subscribe } from '../../src/client/subscriber.ts';

/** A subscriber that is cut off at will and resumes where it was. */
export interface ResumingReader {
  /** The ids of the events that it was given, in order. */
  readonly ids: readonly string[];
  /** Breaks its connection; it connects again by itself. */
  cut(): void;
  close(): void;
}

interface Hub {
  readonly http: string;
  readonly ws: string;
}

const retryMs = 50;

/** Reads `/ws` from the beginning, through the client library. */
export function readWebSocket(hub: Hub): ResumingReader {
  const ids: string[] = [];
  const sockets = new Set<WebSocket>();
  class TrackedWebSocket extends WebSocket {
    constructor(url: string | URL) {
      super(url);
      sockets.add(this);
      this.once('close', () => sockets.delete(this));
    }
  }
  const subscription = subscribe({
    url: hub.ws,
    WebSocket: TrackedWebSocket,
    cursor: { position: 0 },
    backoff: { baseMs: retryMs, maxMs: retryMs * 4 },
    onEvents: (events) => ids.push(...events.map(({ id }) => id)),
    onStatus: () => undefined,
  });
  return {
    ids,
    cut: () => {
      for (const socket of sockets) socket.terminate();
    },
    close: () => {
      subscription.close();
    },
  };
}

/** Reads server-sent events from the beginning and resumes with `Last-Event-ID`, as a browser does. */
export function readServerSentEvents(hub: Hub): ResumingReader {
  let lastEventId: string | undefined;
  return readHttp(
    (signal) => {
      const headers = {
        Accept: 'text/event-stream',
        ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
      };
      return fetch(`${hub.http}/api/events?after=0`, { headers, signal });
    },
    '\n\n',
    (block) => {
      const id = /^id: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      lastEventId = id ?? lastEventId;
      return data;
    },
  );
}

/** Follows NDJSON from the beginning and resumes after the last position. */
export function readNdjson(hub: Hub): ResumingReader {
  let after = 0;
  return readHttp(
    (signal) =>
      fetch(`${hub.http}/api/events?follow=1&after=${String(after)}`, {
        headers: { Accept: 'application/x-ndjson' },
        signal,
      }),
    '\n',
    (line) => {
      if (line === '') return undefined;
      after = (JSON.parse(line) as { position: number }).position;
      return line;
    },
  );
}

function readHttp(
  open: (signal: AbortSignal) => Promise<Response>,
  separator: string,
  eventIn: (block: string) => string | undefined,
): ResumingReader {
  const ids: string[] = [];
  let connection = new AbortController();
  let isClosed = false;
  const readOnce = async () => {
    connection = new AbortController();
    const response = await open(connection.signal);
    if (!response.ok || response.body === null) throw new Error(`answered ${String(response.status)}`);
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split(separator);
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const text = eventIn(block);
        if (text !== undefined) ids.push((JSON.parse(text) as { id: string }).id);
      }
    }
  };
  const run = async () => {
    while (!isClosed) {
      await readOnce().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  };
  void run();
  return {
    ids,
    cut: () => {
      connection.abort();
    },
    close: () => {
      isClosed = true;
      connection.abort();
    },
  };
}

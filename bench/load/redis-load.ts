import { converse, openConnection } from './connection.ts';
import { Framed } from './framed.ts';
import { Lines } from './lines.ts';
import { StreamIds } from './stream-ids.ts';
import type { LoadResult } from './tally.ts';
import { Window } from './window.ts';
import { runWindowed, type Produce, type ProducerOptions, type WindowedLoad } from './windowed-load.ts';

/** Clients of Redis that add the drafts to one stream, each as one field, see {@link runWindowed}. */
export function run(load: WindowedLoad): Promise<LoadResult> {
  return runWindowed(load, connect);
}

async function connect({ port, window: size, events, seed }: ProducerOptions): Promise<Produce> {
  const messages = new Framed(new Lines(seed, events), addCommand);
  const socket = await openConnection(port);
  const window = new Window({ messages, size, send: (bytes) => socket.write(bytes) });
  const ids = new StreamIds();
  return (tally, endAt) => {
    const finished = converse(socket, (chunk) => {
      const now = performance.now();
      ids.read(chunk, window.sent);
      return window.answered(ids.count, now);
    });
    window.start(tally, endAt);
    return finished;
  };
}

/** In RESP, the protocol of Redis. */
function addCommand(event: Buffer): Buffer {
  const words = ['XADD', 'events', '*', 'event'].map((word) => `$${String(word.length)}\r\n${word}\r\n`).join('');
  return Buffer.concat([Buffer.from(`*5\r\n${words}$${String(event.length)}\r\n`), event, Buffer.from('\r\n')]);
}

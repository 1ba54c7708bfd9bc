import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { waitFor } from './deadline.ts';

export interface Answer {
  readonly ok: boolean;
  readonly id?: string;
  readonly position?: number;
  readonly duplicate?: boolean;
  readonly code?: string;
  readonly error?: string;
}

/** A producer on a TCP connection of its own. */
export interface TcpProducer {
  readonly socket: Socket;
  readonly answers: readonly Answer[];
  /** Resolves once the hub has ended the connection. */
  readonly ended: Promise<unknown>;
  /** Strings and bytes as they are, anything else as a line of JSON. */
  send(...what: readonly unknown[]): void;
  /** The first `count` answers, once they are there. */
  answered(count: number): Promise<readonly Answer[]>;
}

/** Connects to the hub at `host:port`. Cut off when the test has finished. */
export async function connectTcp(address: string): Promise<TcpProducer> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect({ host, port: Number(port), allowHalfOpen: true });
  onTestFinished(() => {
    socket.destroy();
  });
  const answers: Answer[] = [];
  let rest = '';
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) answers.push(JSON.parse(line) as Answer);
  });
  socket.on('error', () => undefined);
  const ended = new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
  await once(socket, 'connect');
  return {
    socket,
    answers,
    ended,
    send: (...what) => {
      for (const item of what) {
        socket.write(typeof item === 'string' || Buffer.isBuffer(item) ? item : `${JSON.stringify(item)}\n`);
      }
    },
    answered: async (count) => {
      await waitFor(() => answers.length >= count, { what: `${count} answers`, within: 10_000 });
      return answers.slice(0, count);
    },
  };
}

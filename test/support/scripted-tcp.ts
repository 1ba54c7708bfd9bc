import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { listenForTest } from './listening.ts';

export interface ScriptedTcp {
  readonly host: string;
  readonly port: number;
  /** Every line that came, of all connections, in order. */
  readonly lines: readonly string[];
}

/** A TCP peer that answers each line with what `answer` gives, if it gives any, closed when the test has finished. */
export async function scriptTcp(answer: (line: string, socket: Socket) => string): Promise<ScriptedTcp> {
  const lines: string[] = [];
  const server = createServer((socket) => {
    const reader = createInterface({ input: socket });
    reader.on('error', () => undefined);
    reader.on('line', (line) => {
      lines.push(line);
      const text = answer(line, socket);
      if (text !== '') socket.write(text);
    });
  });
  return { host: '127.0.0.1', port: await listenForTest(server), lines };
}

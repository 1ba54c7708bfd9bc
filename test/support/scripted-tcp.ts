import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export interface ScriptedTcp {
  readonly host: string;
  readonly port: number;
  /** Every line that came, of all connections, in order. */
  readonly lines: readonly string[];
}

/** A TCP peer that answers each line with what `answer` gives, if it gives any, closed when the test has finished. */
export async function scriptTcp(answer: (line: string, socket: Socket) => string): Promise<ScriptedTcp> {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const reader = createInterface({ input: socket });
    reader.on('error', () => undefined);
    reader.on('line', (line) => {
      lines.push(line);
      const text = answer(line, socket);
      if (text !== '') socket.write(text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { host: '127.0.0.1', port: address.port, lines };
}

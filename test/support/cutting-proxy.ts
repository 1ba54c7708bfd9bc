import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface CuttingProxy {
  readonly port: number;
  /** Connections so far. */
  readonly connections: () => number;
}

/** Stands before a hub, and breaks the first connection when the hub has answered: of that answer, its first `bytes` get
 *  through. Later connections pass. Closed when the test has finished. */
export async function cutFirstAnswer(hub: string, bytes: number): Promise<CuttingProxy> {
  const [host = '', port = ''] = hub.split(':');
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((producer) => {
    connections += 1;
    const isFirst = connections === 1;
    const upstream = connect(Number(port), host);
    for (const socket of [producer, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    producer.pipe(upstream);
    if (!isFirst) upstream.pipe(producer);
    else {
      upstream.once('data', (answer: Buffer) => {
        producer.end(answer.subarray(0, bytes));
        upstream.destroy();
      });
    }
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
  return { port: address.port, connections: () => connections };
}

import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listenForTest } from './listening.ts';

export interface CuttingProxy {
  readonly port: number;
  /** Connections so far. */
  readonly connections: () => number;
}

/** Stands before a hub, and breaks the first connection when the hub has answered: of that answer, its first `bytes` get
 *  through. Later connections pass. Closed when the test has finished. */
export async function cutFirstAnswer(hub: string, bytes: number): Promise<CuttingProxy> {
  const [host = '', port = ''] = hub.split(':');
  const upstreams = new Set<Socket>();
  let connections = 0;
  const server = createServer((producer) => {
    connections += 1;
    const isFirst = connections === 1;
    const upstream = connect(Number(port), host);
    upstreams.add(upstream);
    upstream.on('error', () => undefined).on('close', () => upstreams.delete(upstream));
    producer.pipe(upstream);
    if (!isFirst) upstream.pipe(producer);
    else {
      upstream.once('data', (answer: Buffer) => {
        producer.end(answer.subarray(0, bytes));
        upstream.destroy();
      });
    }
  });
  onTestFinished(() => {
    for (const upstream of upstreams) upstream.destroy();
  });
  return { port: await listenForTest(server), connections: () => connections };
}

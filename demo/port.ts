import { once } from 'node:events';
import { createServer } from 'node:net';

/** The port if nothing listens there on loopback, else 0, which takes a free one. */
export async function usualPort(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return 0;
  }
  server.close();
  await once(server, 'close');
  return port;
}

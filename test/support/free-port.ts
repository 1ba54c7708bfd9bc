import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port that was free a moment ago, on loopback. Prefer port 0 and the address that the listener reports; this is for
 * a port that must be known beforehand, or must stay the same across a restart.
 */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error(`no port in address ${String(address)}`);
  return address.port;
}

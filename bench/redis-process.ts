import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Runs a Redis that syncs what it was given before it answers, with its files in the directory, for as long as `use` takes.
 *  Resolves with null when there is no Redis on this machine. */
export async function withRedis<T>(directory: string, use: (port: number) => Promise<T>): Promise<T | null> {
  await fs.mkdir(directory);
  const port = await freePort();
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', directory];
  // To write snapshots, or its file anew, would only cost it time.
  const keeping = [
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
    '--auto-aof-rewrite-percentage',
    '0',
    '--save',
    '',
  ];
  const child = spawn('redis-server', [...place, ...keeping], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    await once(child, 'spawn');
    await ready(child.stdout);
    return await use(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  } finally {
    process.off('exit', kill);
    kill();
    await closed;
  }
}

function ready(output: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    createInterface({ input: output })
      .on('line', (line) => {
        if (line.includes('Ready to accept connections')) resolve();
      })
      .once('close', () => {
        reject(new Error('Redis has ended before it was ready'));
      });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

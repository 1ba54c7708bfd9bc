import { connect, type Socket } from 'node:net';

/** Opens a connection to a port of this machine. */
export function openConnection(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** Hands on what arrives until `receive` says that nothing more is to come; then ends its side, and resolves when the
 *  other has ended too. Rejects when `receive` throws, or when the connection ends before its time. */
export function converse(socket: Socket, receive: (chunk: Buffer) => 'more' | 'done'): Promise<void> {
  return new Promise((resolve, reject) => {
    let isDone = false;
    socket.on('data', (chunk: Buffer) => {
      try {
        if (isDone) throw new Error(`nothing more was to come; got ${chunk.toString('latin1', 0, 200)}`);
        if (receive(chunk) === 'more') return;
        isDone = true;
        socket.end();
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    socket.once('error', reject);
    socket.once('close', () => {
      if (isDone) resolve();
      else reject(new Error('the connection was closed before everything was answered'));
    });
  });
}

/** Rejects when the connection fails or ends. */
export function failureOf(socket: Socket): Promise<never> {
  return new Promise((_, reject) => {
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error('the hub has ended a connection'));
    });
  });
}

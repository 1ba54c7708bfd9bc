import type { Socket } from 'node:net';
import { readProxyHeader, type ProxyHeader } from '../limits/proxy-protocol.ts';

export type Opening = Exclude<ProxyHeader, { kind: 'incomplete' }>;

interface Patience {
  /** Until anything comes. */
  readonly idleTimeout: number;
  /** From then on until the header is complete. */
  readonly inputTimeout: number;
}

/** Reads how a trusted proxy's connection begins. `decided` is called once, with all that has come so far; the socket is then
 *  paused. Never for a connection that ends before, or takes too long, which is closed. */
export function readOpening(
  socket: Socket,
  patience: Patience,
  decided: (opening: Opening, input: Buffer) => void,
): void {
  let input: Buffer = Buffer.alloc(0);
  const giveUp = () => {
    socket.destroy();
  };
  let timer = setTimeout(giveUp, patience.idleTimeout).unref();
  const onData = (chunk: Buffer) => {
    if (input.length === 0) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, patience.inputTimeout).unref();
    }
    input = Buffer.concat([input, chunk]);
    const opening = readProxyHeader(input);
    if (opening.kind === 'incomplete') return;
    clearTimeout(timer);
    socket.off('data', onData).off('end', giveUp).pause();
    decided(opening, input);
  };
  socket.on('error', () => undefined);
  socket.once('close', () => {
    clearTimeout(timer);
  });
  socket.on('data', onData).once('end', giveUp);
}

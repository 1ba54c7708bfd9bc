import type { Socket } from 'node:net';
import { verdictText, type Outcome } from '../pipeline/outcome.ts';

/** For the answer to be read: closed with input that nobody read, a connection is reset and the answer lost. */
const lingerMs = 1_000;
/** In a storm of connections the rest is cut at once. */
const maxLingering = 256;

/** Answers connections that are not let in, and ends them. */
export class TcpRefusal {
  #lingering = 0;

  refuse(socket: Socket, outcome: Outcome): void {
    socket.on('error', () => undefined);
    if (this.#lingering >= maxLingering) {
      socket.destroy();
      return;
    }
    this.#lingering += 1;
    const giveUp = setTimeout(() => {
      socket.destroy();
    }, lingerMs).unref();
    socket.once('close', () => {
      this.#lingering -= 1;
      clearTimeout(giveUp);
    });
    socket.resume();
    socket.end(`${verdictText(outcome)}\n`);
  }
}

import type { Socket } from 'node:net';
import { TokenBucket } from '../limits/token-bucket.ts';
import { verdictText, type Outcome } from '../pipeline/outcome.ts';

/** For the answer to be read: closed with input that nobody read, a connection is reset and the answer lost. */
const lingerMs = 1_000;
/** In a storm of connections the rest is cut at once: an answer costs several times as much. */
const answersPerSecond = 50;
const maxAnswersAtOnce = 100;

/** Answers connections that are not let in, and ends them. Where they are to be secure they end without an answer, which could be
 *  read after a handshake alone. */
export class TcpRefusal {
  readonly #isSecure: boolean;
  readonly #answers = new TokenBucket(answersPerSecond, maxAnswersAtOnce, performance.now());

  constructor(isSecure: boolean) {
    this.#isSecure = isSecure;
  }

  refuse(socket: Socket, outcome: Outcome): void {
    socket.on('error', () => undefined);
    const now = performance.now();
    if (this.#isSecure || this.#answers.waitMs(now) > 0) {
      socket.destroy();
      return;
    }
    this.#answers.take(1, now);
    const giveUp = setTimeout(() => {
      socket.destroy();
    }, lingerMs).unref();
    socket.once('close', () => {
      clearTimeout(giveUp);
    });
    socket.resume();
    socket.end(`${verdictText(outcome)}\n`);
  }
}

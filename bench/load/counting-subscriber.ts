import { connect, type Socket } from 'node:net';
import { unaskedPong, upgradeTo } from './ws-client.ts';

/** Shared by all: what is read is counted before anything else is read. */
const buffer = Buffer.alloc(64 * 1024);

/** A subscriber of which only the bytes are counted that come once it gets live events, so that thousands of them cost
 *  hardly more than their sockets. */
export class CountingSubscriber {
  /** Since it was live. */
  bytes = 0;
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Resolves when it is live. `received` is called whenever more has come, `failed` when the connection ends by itself. */
  static open(
    port: number,
    received: (subscriber: CountingSubscriber) => void,
    failed: (error: Error) => void,
  ): Promise<CountingSubscriber> {
    return new Promise((resolve, reject) => {
      let [isLive, beginning] = [false, ''];
      const callback = (count: number): boolean => {
        if (isLive) {
          subscriber.bytes += count;
          received(subscriber);
          return true;
        }
        beginning += buffer.toString('latin1', 0, count);
        isLive = beginning.includes('"caught_up"') && beginning.endsWith('}');
        if (isLive) resolve(subscriber);
        return true;
      };
      const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer, callback } });
      const subscriber = new CountingSubscriber(socket);
      const end = (error: Error): void => {
        reject(error);
        failed(error);
      };
      socket.once('error', end);
      socket.once('end', () => {
        end(new Error('the hub has ended a connection'));
      });
      socket.write(upgradeTo('/ws'));
    });
  }

  /** To be called more often than servers ping: a ping would be counted, and no answer would come. */
  stayAlive(): void {
    this.#socket.write(unaskedPong());
  }

  /** At once, so that its port is free for the next run. */
  close(): void {
    this.#socket.resetAndDestroy();
  }
}

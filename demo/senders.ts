import { WebSocket } from 'ws';
import { parseHostAndPort, parseWsUrl } from '../src/client/address.ts';
import { createHttpPublisher } from '../src/client/http-publisher.ts';
import type { Publisher } from '../src/client/publisher.ts';
import { createTcpPublisher } from '../src/client/tcp-publisher.ts';
import { createWsPublisher } from '../src/client/ws-publisher.ts';
import { isPassing } from '../src/client/verdict.ts';
import type { Hub } from '../src/hub.ts';
import type { Channel, Sent } from './office/office.ts';

/** Sends what devices say to a hub, each by its own channel. */
export class Senders {
  readonly #publishers: Readonly<Record<Channel, Publisher>>;
  readonly #onRefused: (error: string) => void;

  constructor({ http, tcp }: Pick<Hub, 'http' | 'tcp'>, onRefused: (error: string) => void) {
    const address = parseHostAndPort(tcp);
    const wsUrl = parseWsUrl(http);
    if (address === undefined || wsUrl === undefined) throw new Error(`the hub has no address: ${tcp}, ${http}`);
    this.#publishers = {
      tcp: createTcpPublisher({ address }),
      http: createHttpPublisher({ url: http }),
      ws: createWsPublisher({ url: wsUrl, WebSocket }),
    };
    this.#onRefused = onRefused;
  }

  /** Resolves when there is room for more. */
  async send(sent: readonly Sent[]): Promise<void> {
    for (const { channel, draft } of sent) {
      void this.#publishers[channel].publish({ ...draft }).then((verdict) => {
        // What is given up at the end has no answer.
        if (!verdict.ok && !isPassing(verdict.code)) this.#onRefused(`${draft.source}: ${verdict.error}`);
      });
    }
    await Promise.all(this.#all.map((publisher) => publisher.ready()));
  }

  /** Resolves when the hub has everything. */
  async drain(): Promise<void> {
    await Promise.all(this.#all.map((publisher) => publisher.drain()));
  }

  close(): void {
    for (const publisher of this.#all) publisher.close();
  }

  get #all(): readonly Publisher[] {
    return Object.values(this.#publishers);
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { createDrafts, type SampleDraft } from '../drafts.ts';
import { percentile } from '../stats.ts';
import { openConnection } from './connection.ts';
import { CountingSubscriber } from './counting-subscriber.ts';
import { Delivery } from './delivery.ts';
import { LastDelivery } from './last-delivery.ts';
import { Tally, type LoadResult } from './tally.ts';
import { openWebSocket, textFrame, upgradeTo } from './ws-client.ts';

export interface FanOutLoad {
  /** Of HTTP. */
  readonly port: number;
  readonly subscribers: number;
  /** Last position of the log before. */
  readonly head: number;
  /** One of them wants the log from its beginning, and reads nothing. */
  readonly isOneStalled: boolean;
  /** Recorded first: more than connections have room for. */
  readonly history: number;
  readonly eventsPerSecond: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly seed: number;
}

/** Percentiles are of the subscribers that check what they get. */
export interface FanOutResult extends LoadResult {
  /** Milliseconds from sending to the last of all subscribers. */
  readonly lastP50: number;
  readonly lastP99: number;
}

/** They check every frame; the others count bytes. */
const checkingSubscribers = 10;
/** As many connections as a server is sure to take at once. */
const connectionsAtOnce = 200;
const draftsOfFrame = 1_000;
const longestWaitMs = 30_000;
const stayAliveEveryMs = 20_000;

/** One producer at a steady pace and many subscribers, all on WebSockets and in this process, so that one clock times all
 *  ends. `perSecond` counts deliveries. */
export async function run(load: FanOutLoad): Promise<FanOutResult> {
  const next = createDrafts(load.seed, Date.now());
  const history = Array.from({ length: load.history }, () => next());
  const drafts = Array.from({ length: load.seconds * load.eventsPerSecond }, () => next());
  const crowd = new Crowd(load, drafts);
  try {
    return await Promise.race([crowd.failed, measure(load, crowd, history)]);
  } finally {
    crowd.close();
  }
}

async function measure(load: FanOutLoad, crowd: Crowd, history: readonly SampleDraft[]): Promise<FanOutResult> {
  await crowd.openProducer();
  await crowd.record(history);
  await crowd.openSubscribers();
  await crowd.sendAll(load.eventsPerSecond);
  if (load.isOneStalled) await requireStalled(load.port);
  return crowd.result();
}

/** Throws unless the hub holds what one subscriber, and only that one, does not read. */
async function requireStalled(port: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${String(port)}/api/subscribers`);
  const list = (await answer.json()) as readonly { readonly state: string; readonly heldBytes: number }[];
  const stalled = list.filter(({ state, heldBytes }) => state !== 'live' && heldBytes > 0);
  if (stalled.length !== 1) throw new Error(`${String(stalled.length)} subscribers are stalled, and one should be`);
}

class Crowd {
  /** Rejects at the first thing that is wrong. */
  readonly failed: Promise<never>;
  readonly #load: FanOutLoad;
  readonly #tally: Tally;
  readonly #deliveries: readonly Delivery[];
  readonly #last = new LastDelivery();
  readonly #sockets: Socket[] = [];
  readonly #counting: CountingSubscriber[] = [];
  readonly #sentAt: number[] = [];
  readonly #total: number;
  readonly #staysAlive: NodeJS.Timeout;
  #producer: Socket | null = null;
  #acknowledged = 0;
  #isClosed = false;
  #fail: (error: Error) => void = () => undefined;

  constructor(load: FanOutLoad, drafts: readonly SampleDraft[]) {
    this.#load = load;
    this.#total = drafts.length;
    this.#tally = new Tally(load.warmUpSeconds, drafts.length * checkingSubscribers);
    this.#deliveries = Array.from(
      { length: checkingSubscribers },
      () => new Delivery(drafts, this.#tally, load.head + load.history),
    );
    this.failed = new Promise((_, reject) => {
      this.#fail = (error) => {
        if (!this.#isClosed) reject(error);
      };
    });
    this.#staysAlive = setInterval(() => {
      for (const subscriber of this.#counting) subscriber.stayAlive();
    }, stayAliveEveryMs);
    // It may fail before anyone looks.
    this.failed.catch(() => undefined);
  }

  async openProducer(): Promise<void> {
    this.#producer = await this.#open('/ws?subscribe=0', (frame) => {
      this.#acknowledge(frame);
    });
  }

  async record(history: readonly SampleDraft[]): Promise<void> {
    for (let start = 0; start < history.length; start += draftsOfFrame) {
      const events = history.slice(start, start + draftsOfFrame).map(({ text }) => text);
      this.#producer?.write(textFrame(`{"type":"publish","events":[${events.join(',')}]}`));
      await this.#until(() => this.#acknowledged === start + events.length, 'the history is recorded');
    }
  }

  async openSubscribers(): Promise<void> {
    const { subscribers, isOneStalled, port } = this.#load;
    const stalled = isOneStalled ? 1 : 0;
    if (isOneStalled) {
      const socket = await openConnection(port);
      this.#sockets.push(socket);
      // Without a reader it is read from no further than into the system's buffers.
      socket.write(upgradeTo('/ws?after=0'));
    }
    for (const delivery of this.#deliveries) await this.#openChecking(delivery);
    while (this.#counting.length < subscribers - stalled - checkingSubscribers) {
      const left = subscribers - stalled - checkingSubscribers - this.#counting.length;
      const opening = Array.from({ length: Math.min(left, connectionsAtOnce) }, () =>
        CountingSubscriber.open(port, this.#last.advance, this.#fail),
      );
      for (const subscriber of await Promise.all(opening)) {
        this.#counting.push(subscriber);
        this.#last.add(subscriber);
      }
    }
  }

  /** Sends what is due each millisecond, whatever has arrived by then; resolves when all of it has come to everyone. */
  async sendAll(eventsPerSecond: number): Promise<void> {
    const startedAt = performance.now();
    while (this.#sentAt.length < this.#total) {
      const due = Math.floor(((performance.now() - startedAt) * eventsPerSecond) / 1000);
      while (this.#sentAt.length < Math.min(due, this.#total)) this.#send();
      await delay(1);
    }
    await this.#until(() => this.#last.at[this.#total - 1] !== undefined, 'every subscriber has every event');
    await Promise.all(this.#deliveries.map(({ complete }) => complete));
    await this.#until(() => this.#acknowledged === this.#load.history + this.#total, 'every event is acknowledged');
  }

  result(): FanOutResult {
    this.#last.check();
    const { history, subscribers, warmUpSeconds } = this.#load;
    const began = this.#sentAt[0] ?? 0;
    const took = this.#last.at.map((at, index) => at - (this.#sentAt[index] ?? at));
    const warm = took.filter((_, index) => (this.#sentAt[index] ?? 0) >= began + warmUpSeconds * 1_000);
    const seconds = ((this.#last.at.at(-1) ?? began) - began) / 1_000;
    return {
      ...this.#tally.result(),
      events: history + this.#total,
      perSecond: (subscribers * this.#total) / seconds,
      lastP50: percentile(warm, 0.5),
      lastP99: percentile(warm, 0.99),
    };
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#staysAlive);
    for (const socket of this.#sockets) socket.destroy();
    for (const subscriber of this.#counting) subscriber.close();
  }

  async #openChecking(delivery: Delivery): Promise<void> {
    await this.#open('/ws', (frame) => {
      const before = delivery.count;
      delivery.receive(frame);
      const events = delivery.count - before;
      if (delivery === this.#deliveries[0] && events > 0) this.#last.frame(frame, events);
    });
    await delivery.live;
  }

  async #open(path: string, received: (frame: string) => void): Promise<Socket> {
    const socket = await openWebSocket(this.#load.port, path, received);
    this.#sockets.push(socket);
    socket.once('error', this.#fail);
    socket.once('close', () => {
      this.#fail(new Error('the hub has ended a connection'));
    });
    return socket;
  }

  #send(): void {
    const [text = ''] = this.#deliveries.map((delivery) => delivery.send());
    this.#sentAt.push(performance.now());
    this.#producer?.write(textFrame(text));
  }

  #acknowledge(frame: string): void {
    const { type, results = [] } = JSON.parse(frame) as { type: string; results?: readonly { ok: boolean }[] };
    if (type === 'hello') return;
    if (type !== 'ack' || !results.every(({ ok }) => ok)) throw new Error(`not an acknowledgement: ${frame}`);
    this.#acknowledged += results.length;
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + longestWaitMs;
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`not within ${String(longestWaitMs)} ms: ${what}`);
      await delay(1);
    }
  }
}

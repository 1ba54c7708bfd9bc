import type { Socket } from 'node:net';
import { converse, openConnection } from './connection.ts';
import { Lines } from './lines.ts';
import { Tally, type LoadResult } from './tally.ts';
import { AnswerLines, VerdictCheck } from './verdicts.ts';

export interface TcpLoad {
  readonly port: number;
  readonly connections: number;
  /** Lines of one connection that are under way at most. */
  readonly window: number;
  /** Of all connections. */
  readonly events: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly seed: number;
}

/** Producers that keep their windows full until the time is over or their events are sent, and check every answer. */
export async function run(load: TcpLoad): Promise<LoadResult> {
  const each = Math.ceil(load.events / load.connections);
  const producers = await Promise.all(
    Array.from({ length: load.connections }, async (_, index) => {
      const lines = new Lines(load.seed * 1_000 + index, each);
      return new Producer(await openConnection(load.port), lines, load.window);
    }),
  );
  const tally = new Tally(load.warmUpSeconds, load.events);
  const endAt = performance.now() + load.seconds * 1000;
  await Promise.all(producers.map((producer) => producer.produce(tally, endAt)));
  return tally.result();
}

class Producer {
  readonly #socket: Socket;
  readonly #lines: Lines;
  readonly #window: number;
  readonly #verdicts: VerdictCheck;
  readonly #answers: AnswerLines;
  /** When each line of the window was sent, by its number modulo the window. */
  readonly #sentAt: Float64Array;
  #sent = 0;

  constructor(socket: Socket, lines: Lines, window: number) {
    this.#socket = socket;
    this.#lines = lines;
    this.#window = window;
    this.#verdicts = new VerdictCheck(lines.ids);
    this.#answers = new AnswerLines(this.#verdicts);
    this.#sentAt = new Float64Array(window);
  }

  produce(tally: Tally, endAt: number): Promise<void> {
    const finished = converse(this.#socket, (chunk) => {
      const now = performance.now();
      const first = this.#verdicts.count;
      this.#answers.read(chunk, this.#sent);
      for (let index = first; index < this.#verdicts.count; index += 1) {
        tally.add(1, this.#sentAt[index % this.#window] ?? now, now);
      }
      if (now < endAt) this.#send(this.#verdicts.count + this.#window);
      return this.#verdicts.count < this.#sent ? 'more' : 'done';
    });
    this.#send(this.#window);
    return finished;
  }

  #send(upTo: number): void {
    const end = Math.min(upTo, this.#lines.count);
    if (end === this.#sent) return;
    const now = performance.now();
    for (let index = this.#sent; index < end; index += 1) this.#sentAt[index % this.#window] = now;
    this.#socket.write(this.#lines.slice(this.#sent, end));
    this.#sent = end;
  }
}

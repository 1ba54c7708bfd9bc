import { Tally, type LoadResult } from './tally.ts';

/** Producers that keep their windows full, whatever their protocol. */
export interface WindowedLoad {
  readonly port: number;
  readonly connections: number;
  /** Events of one connection that are under way at most. */
  readonly window: number;
  /** Of all connections. */
  readonly events: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly seed: number;
}

/** One connection, and the events that are to be sent on it. */
export interface ProducerOptions {
  readonly port: number;
  readonly window: number;
  readonly events: number;
  readonly seed: number;
}

/** Sends until the time is over or its events are sent, and checks every answer; resolves when all of them have come. */
export type Produce = (tally: Tally, endAt: number) => Promise<void>;

/** Opens every connection, then has all of them send at once. */
export async function runWindowed(
  load: WindowedLoad,
  connect: (options: ProducerOptions) => Promise<Produce>,
): Promise<LoadResult> {
  const { port, window, seed } = load;
  const events = Math.ceil(load.events / load.connections);
  const producers = await Promise.all(
    Array.from({ length: load.connections }, (_, index) =>
      connect({ port, window, events, seed: seed * 1_000 + index }),
    ),
  );
  const tally = new Tally(load.warmUpSeconds, load.events);
  const endAt = performance.now() + load.seconds * 1000;
  await Promise.all(producers.map((produce) => produce(tally, endAt)));
  return tally.result();
}

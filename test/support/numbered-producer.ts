import type { Publisher } from '../../src/client/publisher.ts';

/** A producer of numbered events that keeps what it was told: its own list, on which the log is held to its word. */
export interface NumberedProducer {
  /** The position that the hub acknowledged for each number; absent where there was no acknowledgement. */
  readonly acknowledged: ReadonlyMap<number, number>;
  /** Verdicts that no producer of good events should see. */
  readonly refusals: readonly string[];
  /** Publishes numbers up to this one. Resolves when they were handed over, which may take until there is a hub. */
  publishUpTo(count: number): Promise<void>;
  drain(): Promise<void>;
  readonly idOf: (number: number) => string;
}

export function numberedProducer(source: string, name: string, publisher: Publisher): NumberedProducer {
  const acknowledged = new Map<number, number>();
  const refusals: string[] = [];
  const idOf = (number: number): string => `${name}-${number}`;
  let next = 0;
  return {
    acknowledged,
    refusals,
    idOf,
    publishUpTo: async (count) => {
      while (next < count) {
        await publisher.ready();
        const number = next++;
        void publisher.publish({ id: idOf(number), source, message: `number ${number}` }).then((verdict) => {
          if (verdict.ok) acknowledged.set(number, verdict.position);
          else refusals.push(`${idOf(number)}: ${verdict.error}`);
        });
      }
    },
    drain: () => publisher.drain(),
  };
}

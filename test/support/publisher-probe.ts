import { expect, onTestFinished, vi } from 'vitest';
import type { Publisher, PublisherStatus } from '../../src/client/publisher.ts';
import { ResendingPublisher } from '../../src/client/resending-publisher.ts';
import type { Verdict } from '../../src/client/verdict.ts';
import { FakeTransport, type FakeCarrier } from './fake-transport.ts';

/** A publisher in fake time over carriers that the test plays, and what it has told so far. */
export interface PublisherProbe {
  readonly transport: FakeTransport;
  readonly publisher: Publisher;
  readonly statuses: readonly PublisherStatus[];
  readonly verdicts: readonly Verdict[];
  /** Publishes with the ids `from`, `from + 1`, … */
  publish(count: number, from?: number): Promise<void>;
  connect(): Promise<void>;
  /** The newest connection. */
  last(): FakeCarrier;
  sentIds(): readonly unknown[];
}

/** Lets what is due now happen. */
export async function turn(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

/** Closes the publisher after the test, and fails the test when a timer is left. Waits are the longest possible: 100 ms,
 *  then twice as long each time. */
export function probePublisher(limits: ConstructorParameters<typeof FakeTransport>[0] = {}): PublisherProbe {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  const transport = new FakeTransport(limits);
  const statuses: PublisherStatus[] = [];
  const verdicts: Verdict[] = [];
  const publisher = new ResendingPublisher(transport, {
    onStatus: (status) => statuses.push(status),
    backoff: { baseMs: 100, maxMs: 1_000 },
  });
  onTestFinished(() => {
    publisher.close();
    const timersLeft = vi.getTimerCount();
    vi.useRealTimers();
    vi.restoreAllMocks();
    expect(timersLeft).toBe(0);
  });
  return {
    transport,
    publisher,
    statuses,
    verdicts,
    publish: async (count, from = 1) => {
      for (let n = from; n < from + count; n += 1) {
        void publisher.publish({ id: String(n), message: `m${n}` }).then((verdict) => verdicts.push(verdict));
      }
      await turn();
    },
    connect: async () => {
      transport.last().listener.up();
      await turn();
    },
    last: () => transport.last(),
    sentIds: () => transport.last().sent.map(({ id }) => id),
  };
}

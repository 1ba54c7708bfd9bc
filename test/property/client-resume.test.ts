import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { subscribe } from '../../src/client/subscriber.ts';
import type { Subscription } from '../../src/client/subscription.ts';
import { FakeHub } from '../support/fake-hub.ts';

const sources = ['a', 'b'] as const;

/** What one subscription (until it was replaced) asked for and got. */
interface Part {
  readonly source: string | undefined;
  readonly after: number;
  readonly received: number[];
}

type Step = (hub: FakeHub, person: Person) => void;

/** The program that subscribes. */
class Person {
  readonly parts: Part[] = [];
  readonly subscription: Subscription;

  constructor(hub: FakeHub, source: string | undefined) {
    this.parts.push({ source, after: 0, received: [] });
    this.subscription = subscribe({
      url: 'ws://hub/ws',
      WebSocket: hub.WebSocket,
      cursor: { position: 0 },
      ...(source === undefined ? {} : { filter: { source } }),
      onEvents: (events) => this.parts.at(-1)?.received.push(...events.map(({ position }) => position)),
      onStatus: () => undefined,
    });
  }

  /** Changes the filter and goes on from where it is, or from `back` positions before. */
  choose(source: string | undefined, back: number): void {
    const cursor = { epoch: 'e1', position: Math.max(0, (this.subscription.cursor()?.position ?? 0) - back) };
    this.parts.push({ source, after: cursor.position, received: [] });
    this.subscription.subscribe(source === undefined ? {} : { source }, cursor);
  }
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(...sources).map(
      (source): Step =>
        (hub) =>
          hub.append(source),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 6 }).map(
      (count): Step =>
        (hub) =>
          hub.deliver(count),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 2 }).map(
      (count): Step =>
        (hub) =>
          hub.hear(count),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: 11_000 }).map(
      (ms): Step =>
        () =>
          vi.advanceTimersByTime(ms),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((hub) => hub.break()) },
  { weight: 1, arbitrary: fc.constant<Step>((hub) => hub.checkpoint()) },
  { weight: 1, arbitrary: fc.constant<Step>((hub) => hub.fallBehind()) },
  { weight: 1, arbitrary: fc.constant<Step>((hub) => hub.catchUp()) },
  { weight: 1, arbitrary: fc.constant<Step>((_, person) => person.subscription.retryNow()) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.option(fc.constantFrom(...sources), { nil: undefined }), fc.nat(5)).map(
      ([source, back]): Step =>
        (_, person) =>
          person.choose(source, back),
    ),
  },
);

/** Lets everything that is under way arrive, over as many connections as that takes. */
function settle(hub: FakeHub): void {
  for (let round = 0; round < 100; round += 1) {
    hub.hear(100);
    hub.catchUp();
    hub.deliver(1_000);
    if (hub.isQuiet) return;
    vi.advanceTimersByTime(1_000);
  }
  throw new Error('the subscription did not come to rest');
}

function wanted(hub: FakeHub, { source, after }: Part): number[] {
  const matching = hub.log.filter(
    (event) => event.position > after && (source === undefined || event.source === source),
  );
  return matching.map(({ position }) => position);
}

describe('a subscription across disconnects', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('gives each matching event exactly once, in order, whatever breaks and when', () => {
    const script = fc.array(step, { minLength: 1, maxLength: 60 });
    const start = fc.option(fc.constantFrom(...sources), { nil: undefined });
    fc.assert(
      fc.property(script, start, fc.integer({ min: 1, max: 3 }), (steps, source, pageSize) => {
        const hub = new FakeHub(pageSize);
        const person = new Person(hub, source);
        for (const take of steps) take(hub, person);
        settle(hub);
        person.subscription.close();
        for (const part of person.parts.slice(0, -1)) {
          expect(part.received).toEqual(wanted(hub, part).slice(0, part.received.length));
        }
        const current = person.parts.at(-1)!;
        expect(current.received).toEqual(wanted(hub, current));
      }),
      { numRuns: 1_000 },
    );
  });
});

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Pending } from '../../src/client/pending-queue.ts';
import { ResendingPublisher } from '../../src/client/resending-publisher.ts';
import type { Verdict } from '../../src/client/verdict.ts';
import { FakeTransport } from '../support/fake-transport.ts';

/** The hub behind a {@link FakeTransport}: it records each id once, answers in order, and answers again what it has. */
class RecordingHub {
  readonly recorded: string[] = [];
  readonly transport: FakeTransport;
  #heard = 0;
  #answers: (() => void)[] = [];
  #carrier: object | null = null;

  constructor(transport: FakeTransport) {
    this.transport = transport;
  }

  /** Lets `count` drafts arrive; it takes none of them when it `isFull`. */
  hear(count: number, isFull: boolean): void {
    const carrier = this.transport.carriers.at(-1);
    if (carrier === undefined || carrier.isEnded) return;
    if (carrier !== this.#carrier) {
      this.#carrier = carrier;
      this.#heard = 0;
      this.#answers = [];
      carrier.listener.up();
    }
    for (const pending of carrier.sent.slice(this.#heard, this.#heard + count)) {
      this.#heard += 1;
      const verdict = isFull ? unavailable(pending) : this.#record(pending);
      this.#answers.push(() => carrier.listener.answer(pending, verdict));
    }
  }

  /** Lets `count` answers arrive. */
  answer(count: number): void {
    for (const answer of this.#answers.splice(0, count)) answer();
  }

  /** The connection breaks; what is on its way, drafts and answers, is lost. */
  break(): void {
    const carrier = this.transport.carriers.at(-1);
    if (carrier !== undefined && !carrier.isEnded) carrier.listener.down('reset');
  }

  #record({ id }: Pending): Verdict {
    const known = this.recorded.indexOf(String(id));
    if (known >= 0) return { ok: true, id: String(id), position: known + 1, duplicate: true };
    return { ok: true, id: String(id), position: this.recorded.push(String(id)) };
  }
}

function unavailable({ id }: Pending): Verdict {
  return { ok: false, code: 'unavailable', error: 'the log is being reopened', id: String(id) };
}

type Step = (hub: RecordingHub, publish: (count: number) => void) => void;
const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

const faultlessSteps: fc.WeightedArbitrary<Step>[] = [
  {
    weight: 4,
    arbitrary: upTo(4).map(
      (count): Step =>
        (_, publish) =>
          publish(count),
    ),
  },
  {
    weight: 4,
    arbitrary: upTo(5).map(
      (count): Step =>
        (hub) =>
          hub.hear(count, false),
    ),
  },
  {
    weight: 4,
    arbitrary: upTo(5).map(
      (count): Step =>
        (hub) =>
          hub.answer(count),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((hub) => hub.break()) },
  {
    weight: 2,
    arbitrary: upTo(31_000).map(
      (ms): Step =>
        () =>
          vi.advanceTimersByTime(ms),
    ),
  },
];
const fullHub: fc.WeightedArbitrary<Step> = {
  weight: 2,
  arbitrary: upTo(3).map(
    (count): Step =>
      (hub) =>
        hub.hear(count, true),
  ),
};

/** Plays the script, then lets everything arrive; gives the ids that were published, what was recorded, the verdicts. */
async function play(steps: readonly Step[], isPipelined: boolean) {
  const hub = new RecordingHub(new FakeTransport({ window: 5, maxRun: 3, isPipelined }));
  const publisher = new ResendingPublisher(hub.transport, {});
  const ids: string[] = [];
  const verdicts: Promise<Verdict>[] = [];
  const publish = (count: number): void => {
    for (let left = count; left > 0; left -= 1) {
      const id = String(ids.length + 1);
      ids.push(id);
      verdicts.push(publisher.publish({ id, message: 'm' }));
    }
  };
  for (const step of steps) {
    step(hub, publish);
    await vi.advanceTimersByTimeAsync(0);
  }
  const drained = publisher.drain().then(() => true);
  for (let round = 0; round < 200 && !(await isSettled(drained)); round += 1) {
    hub.hear(100, false);
    await vi.advanceTimersByTimeAsync(0);
    hub.hear(100, false);
    hub.answer(100);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  publisher.close();
  return { ids, recorded: hub.recorded, verdicts: await Promise.all(verdicts) };
}

function isSettled(promise: Promise<boolean>): Promise<boolean> {
  return Promise.race([promise, Promise.resolve(false)]);
}

describe('publishing across disconnects', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('has every draft recorded once, whatever breaks and when, and tells where', async () => {
    const script = fc.array(fc.oneof(...faultlessSteps, fullHub), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(script, fc.boolean(), async (steps, isPipelined) => {
        const { ids, recorded, verdicts } = await play(steps, isPipelined);
        expect([...recorded].sort()).toEqual([...ids].sort());
        const places = verdicts.map((verdict) => verdict.ok && verdict.position);
        expect(places).toEqual(ids.map((id) => recorded.indexOf(id) + 1));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the order as long as the hub takes what arrives', async () => {
    const script = fc.array(fc.oneof(...faultlessSteps), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(script, fc.boolean(), async (steps, isPipelined) => {
        const { ids, recorded } = await play(steps, isPipelined);
        expect(recorded).toEqual(ids);
      }),
      { numRuns: 300 },
    );
  });
});

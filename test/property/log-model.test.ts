import fc from 'fast-check';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { EventDraft, RecordedEvent } from '../../src/pipeline/event.ts';
import { matchAll } from '../../src/pipeline/filter.ts';
import type { Outcome } from '../../src/pipeline/outcome.ts';

import type { FrameFormat } from '../../src/pipeline/subscriptions.ts';
import { LogWorld, type LogReader } from '../support/log-world.ts';
import { countOf } from '../support/long.ts';
import { aDraft } from '../support/memory-log.ts';
import { makeQuickDir } from '../support/quick-dir.ts';

/** The log as a plain array: each record at its position, less one. One log serves all histories, one after the other, so
 *  that it need not be made anew a thousand times; each history has sources of its own. */
interface Model {
  readonly history: string;
  readonly records: readonly { readonly id: string; readonly source: string; readonly message: string }[];
}

interface MutableModel extends Model {
  readonly records: { readonly id: string; readonly source: string; readonly message: string }[];
}

type LogCommand = fc.AsyncCommand<MutableModel, LogWorld>;

/** A command is what it does to the array and to the log, and what must then be the same. */
function command(
  name: string,
  run: (model: MutableModel, world: LogWorld) => void | Promise<void>,
  check: (model: Readonly<Model>) => boolean = () => true,
): LogCommand {
  return {
    check,
    run: async (model, world) => {
      await run(model, world);
      world.deliver();
      expectSame(model, world);
    },
    toString: () => name,
  };
}

const item = fc.record({
  id: fc.nat(7).map(String),
  source: fc.constantFrom('a', 'b'),
  message: fc.constantFrom('one', 'other'),
  padding: fc.constantFrom(0, 0, 0, 20_000),
});
/** Few ids: what is sent again is a duplicate, or a conflict, as often as it is new. */
const append = fc.array(item, { minLength: 1, maxLength: 6 }).map((items) =>
  command(`append(${JSON.stringify(items)})`, async (model, world) => {
    const drafts = items.map(({ id, source, message, padding }) => {
      const name = `${model.history}-${source}`;
      return aDraft({ id, source: name, message, data: padding === 0 ? null : { padding: 'x'.repeat(padding) } });
    });
    const expected = drafts.map((draft) => recordIn(model, draft));
    const outcomes = await world.append(drafts.map((draft) => ({ draft, channel: 'tcp' })));
    expect(outcomes.map(summary)).toEqual(expected);
  }),
);

const formats: readonly FrameFormat[] = ['ws', 'sse', 'ndjson'];
const subscribe = fc.tuple(fc.constantFrom(...formats), fc.nat(12)).map(([format, back]) =>
  command(`subscribe(${format}, ${back} back)`, (model, world) => {
    if (world.readers.length < 6) world.subscribe(format, Math.max(0, model.records.length - back));
  }),
);

const ofReader = (name: string, act: (reader: LogReader, world: LogWorld) => void) =>
  fc.nat(5).map((index) =>
    command(`${name}(${index})`, (_, world) => {
      const reader = world.readers[index % world.readers.length];
      if (reader !== undefined) act(reader, world);
    }),
  );
const stall = ofReader('stall', (reader) => (reader.isStalled = true));
const resume = ofReader('resume', (reader) => (reader.isStalled = false));
const reconnect = ofReader('reconnect', (reader, world) => {
  world.reconnect(reader);
});
const restart = fc.constant(command('restart', (_, world) => world.restart()));
/** Lets reads of history, which run in a thread, come between the other commands now and then. */
const pause = fc.constant(command('pause', () => new Promise((resolve) => setImmediate(resolve))));

const weighted = (weight: number, arbitrary: fc.Arbitrary<LogCommand>) => ({ weight, arbitrary });
/** A restart starts threads anew and so takes as long as all the rest: one in some forty histories has one. */
const anyCommand = fc.oneof(
  weighted(160, append),
  weighted(80, subscribe),
  weighted(48, stall),
  weighted(48, resume),
  weighted(72, reconnect),
  weighted(72, pause),
  weighted(1, restart),
);
const history = fc.commands<MutableModel, LogWorld, false>([anyCommand], { maxCommands: 24, size: 'max' });

test(
  'any history of appends, readers and restarts leaves what a plain array would have',
  { timeout: countOf(300_000, 3_600_000) },
  async () => {
    const world = await LogWorld.open(await makeQuickDir());
    onTestFinished(() => world.close());
    const records: MutableModel['records'] = [];
    let histories = 0;
    await fc.assert(
      fc.asyncProperty(history, async (commands) => {
        const model = { history: `h${++histories}`, records };
        const start = records.length;
        try {
          await fc.asyncModelRun(() => ({ model, real: world }), commands);
          await expectEverythingRead(model, world);
          await expectRecorded(model, world, start);
        } finally {
          world.forgetReaders();
          // Whatever went wrong, the next history begins with what the log has.
          records.length = world.log.head;
        }
      }),
      { numRuns: countOf(1_000, 20_000) },
    );
    expect(world.failures).toEqual([]);
  },
);

/** What the array makes of a draft, and what must be said of it. */
function recordIn({ records }: MutableModel, { id, source, message, data }: EventDraft): string {
  const known = records.findIndex((record) => record.id === id && record.source === source);
  const content = message + JSON.stringify(data);
  if (known === -1) return `accepted at ${records.push({ id, source, message: content })}`;
  return records[known]?.message === content ? `duplicate of ${known + 1}` : 'rejected: id_conflict';
}

function summary(outcome: Outcome): string {
  if (outcome.kind === 'accepted') return `accepted at ${outcome.position}`;
  return outcome.kind === 'duplicate' ? `duplicate of ${outcome.position}` : `${outcome.kind}: ${outcome.code}`;
}

/** The heads are equal, and no reader has anything but a beginning of what is due to it. */
function expectSame({ records }: Model, { log, readers }: LogWorld): void {
  expect(log.head).toBe(records.length);
  for (const { start, received } of readers) {
    expect(received).toEqual(Array.from(received, (_, index) => start + 1 + index));
    expect(start + received.length).toBeLessThanOrEqual(records.length);
  }
}

async function expectEverythingRead(model: Model, world: LogWorld): Promise<void> {
  for (const reader of world.readers) reader.isStalled = false;
  const deadline = performance.now() + 10_000;
  const isBehind = ({ start, received }: LogReader): boolean => start + received.length < model.records.length;
  while (world.readers.some(isBehind) && performance.now() < deadline) {
    world.deliver();
    await delay(1);
  }
  expect(world.readers.filter(isBehind), 'readers that did not get everything').toEqual([]);
  // Nothing may have come twice.
  expectSame(model, world);
}

/** What this history has recorded, read back, is the array's. */
async function expectRecorded({ records }: Model, { log }: LogWorld, start: number): Promise<void> {
  let after = start;
  while (after < log.head) {
    const page = await log.read({
      after,
      before: log.head + 1,
      order: 'asc',
      filter: matchAll,
      limit: 1_000,
      maxBytes: 2 ** 20,
    });
    const found = page.records.map(({ json }) => {
      const { position, id, source, message, data } = JSON.parse(json) as RecordedEvent;
      return { position, id, source, message: message + JSON.stringify(data ?? null) };
    });
    expect(found).toEqual(
      records.slice(after, page.through).map((record, index) => ({ position: after + 1 + index, ...record })),
    );
    after = page.through;
  }
}

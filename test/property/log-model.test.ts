import fc from 'fast-check';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Outcome } from '../../src/pipeline/outcome.ts';
import type { FrameFormat } from '../../src/pipeline/subscriptions.ts';
import { LogModel, modelRecordOf } from '../support/log-model.ts';
import { appendEveryMs, LogWorld, type LogReader } from '../support/log-world.ts';
import { countOf, runSeed, timeLimit } from '../support/long.ts';
import { aDraft } from '../support/memory-log.ts';
import { makeQuickDir } from '../support/quick-dir.ts';

/** One log and one array serve all histories, one after the other, so that the log need not be made anew a thousand times;
 *  each history has sources of its own. */
interface Model {
  readonly history: string;
  readonly log: LogModel;
}

type LogCommand = fc.AsyncCommand<Model, LogWorld>;

/** A command is what it does to the array and to the log, and what must then be the same. */
function command(name: string, run: (model: Model, world: LogWorld) => void | Promise<void>): LogCommand {
  return {
    check: () => true,
    run: async (model, world) => {
      await run(model, world);
      world.deliver();
      expectSame(model.log, world);
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
  command(`append(${JSON.stringify(items)})`, async ({ history, log }, world) => {
    const drafts = items.map(({ id, source, message, padding }) => {
      const data = padding === 0 ? null : { padding: 'x'.repeat(padding) };
      return aDraft({ id, source: `${history}-${source}`, message, data });
    });
    const expected = drafts.map((draft) => log.append(draft, world.now));
    const outcomes = await world.append(drafts.map((draft) => ({ draft, channel: 'tcp' })));
    expect(outcomes.map(summary)).toEqual(expected);
  }),
);

const formats: readonly FrameFormat[] = ['ws', 'sse', 'ndjson'];
const subscribe = fc
  .tuple(fc.constantFrom(...formats), fc.oneof(fc.nat(12), fc.constant('all')))
  .map(([format, back]) =>
    command(`subscribe(${format}, ${back} back)`, ({ log }, world) => {
      const after = typeof back === 'number' ? Math.max(0, log.head - back) : 0;
      if (world.readers.length < 6) world.subscribe(format, after);
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

const retainByCount = fc.nat(40).map((count) =>
  command(`retain(${count} events)`, async ({ log }, world) => {
    log.keepNewest(count);
    await world.retain({ maxEvents: count });
  }),
);
const retainByAge = fc.nat(20).map((appends) =>
  command(`retain(${appends} appends)`, async ({ log }, world) => {
    log.keepSince(world.now - appends * appendEveryMs);
    await world.retain({ maxAge: appends * appendEveryMs });
  }),
);
const redact = fc.nat(12).map((back) =>
  command(`redact(${back} back)`, async ({ log }, world) => {
    const event = log.records.filter(({ source }) => source !== '').at(-back - 1);
    if (event === undefined) return;
    log.redact(event, world.now);
    expect(await world.redact(event.position), 'nothing of it is left in the files').toBe(true);
  }),
);
/** Replaces the one before. It may be restored in a later history. */
const backup = fc.constant(
  command('backup', async ({ log }, world) => {
    log.backUp();
    await world.backUp();
  }),
);
const restore = fc.constant(
  command('restore', async ({ log }, world) => {
    if (!log.hasBackup) return;
    const { epoch } = world.log;
    const readers = [...world.readers];
    log.restore();
    await world.restore();
    expect(world.log.epoch).not.toBe(epoch);
    expect(readers.map(({ refusal }) => refusal)).toEqual(readers.map(() => 'wrong_epoch'));
    world.forgetReaders();
    await expectRecorded(log, world);
  }),
);

const weighted = (weight: number, arbitrary: fc.Arbitrary<LogCommand>) => ({ weight, arbitrary });
/** To restart, or to restore, starts threads anew and so takes as long as all the rest: one in some eighty histories does each. */
const anyCommand = fc.oneof(
  weighted(320, append),
  weighted(160, subscribe),
  weighted(96, stall),
  weighted(96, resume),
  weighted(144, reconnect),
  weighted(144, pause),
  weighted(32, retainByCount),
  weighted(32, retainByAge),
  weighted(64, redact),
  weighted(8, backup),
  weighted(1, restore),
  weighted(1, restart),
);
const history = fc.commands<Model, LogWorld, false>([anyCommand], { maxCommands: 24, size: 'max' });

test(
  'any history of appends, readers, removals, redactions, restarts and restores leaves what a plain array would have',
  { timeout: countOf(300_000, 3_600_000) },
  async () => {
    const world = await LogWorld.open(await makeQuickDir());
    onTestFinished(() => world.close());
    const log = new LogModel();
    let histories = 0;
    await fc.assert(
      fc.asyncProperty(history, async (commands) => {
        const model = { history: `h${++histories}`, log };
        try {
          await fc.asyncModelRun(() => ({ model, real: world }), commands);
          await expectEverythingRead(log, world);
          await expectRecorded(log, world);
        } catch (error) {
          // Whatever went wrong, the next history begins with what the log has.
          if (world.isOpen) log.take({ records: (await world.read()).map(modelRecordOf), head: world.log.head });
          throw error;
        } finally {
          world.forgetReaders();
        }
      }),
      { numRuns: countOf(1_000, 20_000), seed: runSeed(), ...limited() },
    );
    process.stderr.write(`${histories} histories, ${log.head} records\n`);
    expect(world.failures).toEqual([]);
  },
);

function limited(): { readonly interruptAfterTimeLimit?: number } {
  return timeLimit() === Infinity ? {} : { interruptAfterTimeLimit: timeLimit() };
}

function summary(outcome: Outcome): string {
  if (outcome.kind === 'accepted') return `accepted at ${outcome.position}`;
  if (outcome.kind === 'duplicate') return `duplicate of ${outcome.position}`;
  return `${outcome.kind}: ${outcome.kind === 'failed' ? outcome.error : outcome.code}`;
}

/** The ends are equal, no reader has anything but a beginning of what is due to it, and one is told that the rest is gone
 *  when it is, and not before. Those are readers no more. */
function expectSame(model: LogModel, { log, readers }: LogWorld): void {
  expect([log.first, log.head]).toEqual([model.first, model.head]);
  for (const reader of readers) {
    const { start, through, received } = reader;
    expect(received).toEqual(Array.from(received, (_, index) => start + 1 + index));
    expect(through).toBeLessThanOrEqual(model.head);
    if (reader.isGone) expect(through + 1, 'the position that is gone').toBeLessThan(model.first);
    else expect(reader.refusal).toBeNull();
  }
  const left = readers.filter(({ isGone }) => !isGone);
  readers.splice(0, readers.length, ...left);
}

async function expectEverythingRead(model: LogModel, world: LogWorld): Promise<void> {
  for (const reader of world.readers) reader.isStalled = false;
  const deadline = performance.now() + 10_000;
  const isBehind = ({ isGone, through }: LogReader): boolean => !isGone && through < model.head;
  while (world.readers.some(isBehind) && performance.now() < deadline) {
    world.deliver();
    await delay(1);
  }
  expect(world.readers.filter(isBehind), 'readers that did not get everything').toEqual([]);
  // Nothing may have come twice.
  expectSame(model, world);
}

/** What the log holds, read back, is the array. */
async function expectRecorded(model: LogModel, world: LogWorld): Promise<void> {
  expect((await world.read()).map(modelRecordOf)).toEqual(model.records);
}

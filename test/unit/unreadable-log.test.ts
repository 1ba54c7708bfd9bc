import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RefusedError } from '../../src/pipeline/codes.ts';
import { matchAll } from '../../src/pipeline/filter.ts';
import type { SubscribeRequest } from '../../src/pipeline/subscriptions.ts';
import { Broadcast } from '../../src/sinks/broadcast/broadcast.ts';
import { aDraft, MemoryLog } from '../support/memory-log.ts';
import { ScriptedOutlet, Topics } from '../support/scripted-outlet.ts';

/** The broadcast of a log of one record that cannot be read while there is a `failure`. */
function unreadableLog() {
  const log = new MemoryLog();
  log.appendNow([{ draft: aDraft({ id: '1' }), channel: 'tcp' }]);
  const world = { failure: null as Error | null, reads: 0, reported: [] as unknown[] };
  log.read = async () => {
    world.reads += 1;
    if (world.failure !== null) throw world.failure;
    return {
      records: log.records.map(({ value, json }) => ({ position: value.position, json })),
      through: 1,
      isComplete: true,
    };
  };
  const topics = new Topics();
  const broadcast = new Broadcast({
    log,
    publish: topics.publish,
    maxMemory: 64 * 1024 * 1024,
    reportFailure: (error) => world.reported.push(error),
  });
  const subscribe = (request: Partial<SubscribeRequest> = {}) => {
    const frames: string[] = [];
    const outlet = new ScriptedOutlet('ndjson', topics, (frame) => frames.push(frame));
    outlet.attach(broadcast.open({ filter: matchAll, after: 0, ...request }, outlet));
    return { outlet, frames };
  };
  return Object.assign(world, { subscribe });
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);

describe('a log that cannot be read for a while', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is reported once, however many wait for it and however long', async () => {
    const world = unreadableLog();
    world.failure = new Error('too many open files');
    for (let count = 0; count < 3; count += 1) world.subscribe();
    await seconds(30);
    expect(world.reads).toBeGreaterThan(60);
    expect(world.reported).toEqual([world.failure]);
    world.failure = new Error('disk I/O error');
    await seconds(5);
    expect(world.reported).toHaveLength(2);
  });

  it('is reported again when it could be read in between', async () => {
    const world = unreadableLog();
    world.failure = new Error('too many open files');
    const { outlet, frames } = world.subscribe();
    await seconds(5);
    world.failure = null;
    await seconds(2);
    outlet.take();
    expect(frames.join('')).toContain('"position":1');
    world.failure = new Error('too many open files');
    world.subscribe();
    await seconds(5);
    expect(world.reported).toHaveLength(2);
  });

  it('is waited for by who reads live, and told to who reads a range', async () => {
    const world = unreadableLog();
    world.failure = new Error('too many open files');
    const live = world.subscribe();
    const range = world.subscribe({ until: 1 });
    await seconds(5);
    expect([live.outlet.endedAs, range.outlet.endedAs]).toEqual([null, null]);
    await seconds(10);
    expect([live.outlet.endedAs, range.outlet.endedAs]).toEqual([null, 'unreadable']);
  });
});

describe('a log with a damaged record', () => {
  it('is told to each who comes to it, at once, and reported by who looks after the log', async () => {
    const world = unreadableLog();
    world.failure = new RefusedError('unavailable', 'record 1 is damaged');
    const readers = [world.subscribe(), world.subscribe({ until: 1 })];
    await new Promise(setImmediate);
    expect(readers.map(({ outlet }) => outlet.endedAs)).toEqual(['unreadable', 'unreadable']);
    expect(world.reads).toBe(2);
    expect(world.reported).toEqual([]);
  });
});

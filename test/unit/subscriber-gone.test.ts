import { describe, expect, it } from 'vitest';
import { matchAll } from '../../src/pipeline/filter.ts';
import type { SubscribeRequest } from '../../src/pipeline/subscriptions.ts';
import { Broadcast } from '../../src/sinks/broadcast/broadcast.ts';
import { aDraft, MemoryLog } from '../support/memory-log.ts';
import { ScriptedOutlet, Topics } from '../support/scripted-outlet.ts';

/** A subscriber of a log that holds ten records, whose reads wait for the test. */
function subscribe(request: Pick<SubscribeRequest, 'after' | 'isFromFirst' | 'until'>) {
  const log = new MemoryLog();
  log.appendNow(
    Array.from({ length: 10 }, (_, index) => ({ draft: aDraft({ id: String(index + 1) }), channel: 'tcp' })),
  );
  const topics = new Topics();
  const broadcast = new Broadcast({
    log,
    publish: topics.publish,
    maxMemory: 1024 * 1024,
    reportFailure: (error) => {
      throw error as Error;
    },
  });
  const frames: string[] = [];
  const outlet = new ScriptedOutlet('ndjson', topics, (frame) => frames.push(frame));
  const subscription = broadcast.open({ filter: matchAll, ...request }, outlet);
  outlet.attach(subscription);
  const positions = () =>
    frames.flatMap((frame) => [...frame.matchAll(/"position":(\d+)/g)].map(([, at]) => Number(at)));
  return { log, outlet, positions };
}

describe('a subscriber of a log that loses its beginning', () => {
  it('is ended when what comes next was removed while it was being read', async () => {
    const { log, outlet, positions } = subscribe({ after: 2 });
    log.first = 6;
    await log.answerReads();
    outlet.take();
    expect(outlet.endedAs).toBe('gone');
    expect(positions()).toEqual([]);
  });

  it('goes on when what was removed is what it had already', async () => {
    const { log, outlet, positions } = subscribe({ after: 2 });
    log.first = 3;
    await log.answerReads();
    outlet.take();
    expect(outlet.endedAs).toBeNull();
    expect(positions()).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('begins where the beginning is by then, when that is what it asked for', async () => {
    const { log, outlet, positions } = subscribe({ after: 0, isFromFirst: true, until: 10 });
    log.first = 6;
    await log.answerReads();
    outlet.take();
    expect(outlet.endedAs).toBe('done');
    expect(positions()).toEqual([6, 7, 8, 9, 10]);
  });

  it('has nothing to read, when all of what it asked for is removed', async () => {
    const { log, outlet, positions } = subscribe({ after: 0, isFromFirst: true, until: 10 });
    log.first = 11;
    await log.answerReads();
    outlet.take();
    expect(outlet.endedAs).toBe('done');
    expect(positions()).toEqual([]);
  });
});

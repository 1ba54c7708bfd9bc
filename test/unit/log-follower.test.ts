import { describe, expect, it } from 'vitest';
import { LogFollower } from '../../src/pipeline/alerting/log-follower.ts';
import { aDraft, MemoryLog } from '../support/memory-log.ts';

function follow(position = 0) {
  const log = new MemoryLog();
  const seen: number[] = [];
  const follower = new LogFollower(log, position, (value) => seen.push(value.position));
  const append = (id: string) => log.appendNow([{ draft: aDraft({ id }), channel: 'tcp' }]).records;
  return { log, seen, follower, append };
}

describe('what follows the log', () => {
  it('folds what it is handed, in order', () => {
    const { seen, follower, append } = follow();
    expect([append('a'), append('b')].map((batch) => follower.take(batch))).toEqual([true, true]);
    expect(seen).toEqual([1, 2]);
    expect(follower.isBehind).toBe(false);
  });

  it('reads from the log what it was not handed, and what is recorded meanwhile, each once', async () => {
    const { log, seen, follower, append } = follow();
    append('a');
    const later = append('b');
    expect(follower.take(later)).toBe(false);
    expect(follower.isBehind).toBe(true);
    const caughtUp = follower.catchUp();
    expect(follower.take(append('c'))).toBe(false);
    while (follower.isBehind) await log.answerReads();
    await caughtUp;
    expect(seen).toEqual([1, 2, 3]);
    expect(follower.take(append('d'))).toBe(true);
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it('begins after its position', async () => {
    const { log, seen, follower, append } = follow(1);
    append('a');
    append('b');
    const caughtUp = follower.catchUp(log.head);
    await log.answerReads();
    await caughtUp;
    expect(seen).toEqual([2]);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { matchAll, readFilter } from '../../src/pipeline/filter.ts';
import { World } from '../support/subscription-world.ts';

const mebibyte = 1024 * 1024;
const startedAt = Date.parse('2026-03-01T12:00:00.000Z');

/** Records of 80 kB are published until the reader's outlet has no room for more. */
function fill(world: World): void {
  for (let count = 0; count < 12; count += 1) {
    world.append([{ source: 'a', severity: 'info', padding: 80_000 }]);
    world.publish();
  }
}

describe('a slow subscriber', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      now: startedAt,
      toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'Date'],
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is ended as unresponsive when it has taken nothing for a minute', () => {
    const world = new World(16 * mebibyte);
    world.subscribe(matchAll, 0);
    world.reader(0)?.outlet?.take();
    fill(world);
    vi.advanceTimersByTime(57_000);
    expect(world.reader(0)?.outlet?.endedAs).toBe(null);
    vi.advanceTimersByTime(6_000);
    expect(world.reader(0)?.outlet?.endedAs).toBe('unresponsive');
    expect(world.broadcast.list()).toEqual([]);
    world.end();
  });

  it('is not ended while it takes something now and then, nor while there is nothing to take', () => {
    const world = new World(16 * mebibyte);
    world.subscribe(matchAll, 0);
    world.subscribe(readFilter({ source: 'b' }, 0), 0);
    world.reader(0)?.outlet?.take();
    world.reader(1)?.outlet?.take();
    fill(world);
    for (let half = 0; half < 6; half += 1) {
      vi.advanceTimersByTime(30_000);
      world.reader(0)?.outlet?.take(1);
      world.reader(1)?.outlet?.take();
    }
    expect(world.readers.map(({ outlet }) => outlet?.endedAs)).toEqual([null, null]);
    world.end();
  });

  it('is listed with where it stands, beside the others', async () => {
    const world = new World(16 * mebibyte);
    world.append([{ source: 'a', severity: 'info', padding: 0 }]);
    world.publish();
    world.subscribe(matchAll, 1);
    const first = { id: 1, channel: 'ws', remoteAddress: '192.0.2.1', since: '2026-03-01T12:00:00.000Z', filter: {} };
    expect(world.broadcast.list()).toEqual([{ ...first, state: 'catching_up', position: 0, lag: 1, heldBytes: 0 }]);
    await world.log.answerReads();
    world.reader(0)?.outlet?.take();
    vi.advanceTimersByTime(5_000);
    world.subscribe(matchAll, 0);
    world.reader(1)?.outlet?.take();
    const second = { ...first, id: 2, since: '2026-03-01T12:00:05.000Z' };
    const live = { state: 'live', position: 1, lag: 0, heldBytes: 0 };
    expect(world.broadcast.list()).toEqual([
      { ...first, ...live },
      { ...second, ...live },
    ]);
    for (let round = 0; round < 2; round += 1) {
      fill(world);
      world.reader(1)?.outlet?.take();
    }
    const [slow, quick] = world.broadcast.list();
    expect(slow).toMatchObject({ state: 'fell_behind', position: 14, lag: 11 });
    expect(slow?.heldBytes).toBeLessThanOrEqual(mebibyte);
    expect(quick).toMatchObject({ state: 'live', position: 25, lag: 0, heldBytes: 0 });
    world.end();
  });
});

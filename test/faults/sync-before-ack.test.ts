import { describe, expect, test } from 'vitest';
import { acknowledgedUnsynced, canTrace } from '../support/sync-trace.ts';
import { recordUnderTrace } from '../support/traced-load.ts';

const isTraceable = await canTrace();
if (!isTraceable) process.stderr.write('skipped: strace is not here or may not trace; install it and allow ptrace\n');

describe.skipIf(!isTraceable)('an acknowledgement', () => {
  test('comes after a sync of the log that followed the event, one in flight', async () => {
    const { ids, trace } = await recordUnderTrace({ count: 20, window: 1 });
    expect(acknowledgedUnsynced(trace, ids)).toEqual([]);
  });

  test('comes after a sync of the log that followed the event, many in flight', async () => {
    const { ids, trace } = await recordUnderTrace({ count: 2_000, window: 256 });
    expect(acknowledgedUnsynced(trace, ids)).toEqual([]);
  });

  test('comes after such a sync while retention removes without one', async () => {
    const { ids, trace } = await recordUnderTrace({
      count: 2_000,
      window: 16,
      env: { HUB_RETENTION_MAX_EVENTS: '10' },
    });
    expect(acknowledgedUnsynced(trace, ids)).toEqual([]);
  });

  test('would be found out without that sync', async () => {
    const { ids, trace } = await recordUnderTrace({ count: 5, window: 1 });
    const withoutSyncs = trace
      .split('\n')
      .filter((line) => !/f(data)?sync/.test(line))
      .join('\n');
    expect(acknowledgedUnsynced(withoutSyncs, ids)).toEqual(ids);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppendItem } from '../../src/pipeline/event-log.ts';
import type { LogCondition } from '../../src/pipeline/log-condition.ts';
import { LogWatch } from '../../src/pipeline/log-watch.ts';

const mebibyte = 1024 * 1024;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const whole: LogCondition = {
  state: 'ok',
  trouble: null,
  disk: { free: 5_000 * mebibyte, level: 'enough' },
  walBytes: 0,
  checkpointsBusy: 0,
};

/** A watch of a log whose condition the test sets, and all that it says. */
async function watchOf(checkpoints = new Map<string, string>(), condition = whole) {
  const log = {
    condition,
    loadCheckpoint: (consumer: string) => Promise.resolve(checkpoints.get(consumer) ?? null),
    saveCheckpoint: async (consumer: string, state: string) => {
      checkpoints.set(consumer, state);
    },
  };
  const said: (string | null)[] = [];
  const appended: string[] = [];
  const failures: Error[] = [];
  const watch = new LogWatch({
    log,
    append: (items) => {
      const failure = failures.shift();
      if (failure === undefined) appended.push(...items.map(textOf));
      return failure === undefined ? Promise.resolve() : Promise.reject(failure);
    },
    report: (trouble) => said.push(trouble),
    warn: (message) => said.push(message),
  });
  const set = async (condition: Partial<LogCondition>) => {
    log.condition = { ...whole, ...condition };
    await vi.advanceTimersByTimeAsync(1_000);
  };
  await watch.start();
  return { watch, set, said, appended, failures };
}

function textOf(item: AppendItem): string {
  if (!('draft' in item)) return '';
  const { severity, status, key, message } = item.draft;
  return `${severity} ${status} ${key}: ${message}`;
}

describe('the watch of the log', () => {
  it('reports trouble once, whatever its words, and its end', async () => {
    const { watch, set, said } = await watchOf();
    await set({ trouble: 'no room: 3 MiB' });
    expect(watch.troubles).toEqual(['no room: 3 MiB']);
    await set({ trouble: 'no room: 2 MiB' });
    await set({});
    expect(watch.troubles).toEqual([]);
    await set({});
    expect(said).toEqual(['no room: 3 MiB', null]);
    watch.stop();
  });

  it('has the log say when its disk gets full and has room again, each once', async () => {
    const { watch, set, appended } = await watchOf();
    for (const level of ['low', 'low', 'full', 'full', 'enough', 'enough'] as const) {
      await set({ disk: { free: 7 * mebibyte, level } });
    }
    expect(appended).toEqual([
      'warning firing alert-hub/disk: the disk of the log is getting full; free some space: 7 MiB are free',
      'critical firing alert-hub/disk: the disk of the log is full, and no events are taken; free some space: 7 MiB are free',
      'info resolved alert-hub/disk: the disk of the log has room again: 7 MiB are free',
    ]);
    watch.stop();
  });

  it('says nothing twice when the hub is started again, and then still the end of it', async () => {
    const checkpoints = new Map<string, string>();
    const before = await watchOf(checkpoints);
    await before.set({ disk: { free: 7 * mebibyte, level: 'low' } });
    before.watch.stop();
    const low = { ...whole, disk: { free: 6 * mebibyte, level: 'low' } } as const;
    const { watch, set, appended } = await watchOf(checkpoints, low);
    await set(low);
    await set({ disk: { free: 700 * mebibyte, level: 'enough' } });
    expect(before.appended).toHaveLength(1);
    expect(appended).toEqual(['info resolved alert-hub/disk: the disk of the log has room again: 700 MiB are free']);
    watch.stop();
  });

  it('says it later if the log could not take it', async () => {
    const { watch, set, appended, failures } = await watchOf();
    failures.push(new Error('full to the last byte'), new Error('still'));
    for (let at = 0; at < 2; at += 1) await set({ disk: { free: 0, level: 'full' } });
    expect(appended).toEqual([]);
    await set({ disk: { free: 0, level: 'full' } });
    expect(appended).toHaveLength(1);
    watch.stop();
  });

  it('warns once of a WAL that somebody makes grow', async () => {
    const { watch, set, said } = await watchOf();
    await set({ walBytes: 256 * mebibyte });
    await set({ walBytes: 300 * mebibyte });
    await set({ walBytes: 400 * mebibyte });
    expect(said).toEqual(['hub.db-wal has grown to 300 MiB: end the program that reads hub.db all the time']);
    watch.stop();
  });
});

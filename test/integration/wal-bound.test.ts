import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { EventLog } from '../../src/pipeline/event-log.ts';
import { readFilter } from '../../src/pipeline/filter.ts';
import { openForReading } from '../../src/sinks/sqlite/log-file.ts';
import { openSqliteLog } from '../../src/sinks/sqlite/sqlite-log.ts';
import { aDraft } from '../support/memory-log.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const mebibyte = 1024 * 1024;
const batches = 32;
const batchBytes = 4 * mebibyte;
const draftBytes = 32 * 1024;
/** Matches nothing, and takes its time to find out. */
const laborious = readFilter({ q: 'message:*a*b*c*d* data.padding:*y*' }, 0);

it('keeps the WAL of the log under 64 MiB though it is read without a pause', async () => {
  const dataDir = await makeTempDir();
  const log = await openSqliteLog({ dataDir, readers: 2 });
  onTestFinished(() => log.close());
  const data = { padding: 'x'.repeat(draftBytes) };
  const sizes: number[] = [];
  const reading = readOnAndOn(log, 6);
  for (let batch = 0; batch < batches; batch += 1) {
    const drafts = Array.from({ length: batchBytes / draftBytes }, (_, at) => aDraft({ id: `${batch}-${at}`, data }));
    const { outcomes } = await log.append(drafts.map((draft) => ({ draft, channel: 'tcp' })));
    expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true);
    sizes.push((await stat(join(dataDir, 'hub.db-wal'))).size);
  }
  expect(await reading.stop()).toBeGreaterThan(batches);
  expect(Math.max(...sizes)).toBeLessThan(64 * mebibyte);
});

/** Has so many reads under way at all times, until it is stopped; resolves with how many there were. */
function readOnAndOn(log: EventLog, underWay: number): { stop(): Promise<number> } {
  let isStopped = false;
  let reads = 0;
  const one = async () => {
    while (!isStopped) {
      const range = { after: 0, before: log.head + 1, order: 'asc', filter: laborious } as const;
      await log.read({ ...range, limit: 100, maxBytes: mebibyte });
      reads += 1;
    }
  };
  const all = Promise.all(Array.from({ length: underWay }, one));
  return {
    stop: async () => {
      isStopped = true;
      await all;
      return reads;
    },
  };
}

it('says how large the WAL is, and how often a reader kept it from being emptied', async () => {
  const dataDir = await makeTempDir();
  const log = await openSqliteLog({ dataDir, readers: 1 });
  onTestFinished(() => log.close());
  const data = { padding: 'x'.repeat(draftBytes) };
  const append = async (batch: number) => {
    const drafts = Array.from({ length: batchBytes / draftBytes }, (_, at) => aDraft({ id: `${batch}-${at}`, data }));
    await log.append(drafts.map((draft) => ({ draft, channel: 'tcp' })));
  };
  await append(0);
  expect(log.condition).toMatchObject({ state: 'ok', checkpointsBusy: 0 });
  // As a backup does.
  const reader = openForReading(dataDir);
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM log').get();
  for (let batch = 1; log.condition.checkpointsBusy === 0; batch += 1) {
    expect(batch).toBeLessThan(batches);
    await append(batch);
  }
  expect(log.condition.walBytes).toBeGreaterThan(32 * mebibyte);
  reader.close();
});

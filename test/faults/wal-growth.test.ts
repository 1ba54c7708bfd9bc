import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { EventLog } from '../../src/pipeline/event-log.ts';
import { matchAll } from '../../src/pipeline/filter.ts';
import { openSqliteLog } from '../../src/sinks/sqlite/sqlite-log.ts';
import { logFileOf } from '../../src/sinks/sqlite/log-file.ts';
import { countOf } from '../support/long.ts';
import { aDraft } from '../support/memory-log.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const mebibyte = 1024 * 1024;
const message = 'm'.repeat(7_000);

async function openLog() {
  const dataDir = await makeTempDir();
  const log = await openSqliteLog({ dataDir });
  onTestFinished(() => log.close());
  let ids = 0;
  const append = async (mebibytes: number) => {
    const items = Array.from({ length: mebibytes * 128 }, () => {
      ids += 1;
      return { draft: aDraft({ id: String(ids), message }), channel: 'tcp' };
    });
    const { outcomes } = await log.append(items);
    expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true);
  };
  const walMebibytes = () => statSync(`${logFileOf(dataDir)}-wal`).size / mebibyte;
  return { log, dataDir, append, walMebibytes };
}

/** Reads the log from its beginning, again and again, until it is stopped. Returns how often it came to the end. */
function replayOver(log: EventLog): () => Promise<number> {
  const over = new AbortController();
  let ends = 0;
  const replaying = (async () => {
    for (let after = 0; !over.signal.aborted;) {
      const request = { after, before: log.head + 1, order: 'asc', filter: matchAll } as const;
      const page = await log.read({ ...request, limit: 500, maxBytes: mebibyte });
      if (page.isComplete) ends += 1;
      after = page.isComplete ? 0 : page.through;
    }
    return ends;
  })();
  return () => {
    over.abort();
    return replaying;
  };
}

/** Two connections of which each begins to read before the other ends. */
function readersThatOverlap(dataDir: string) {
  const readers = [0, 1].map(() => new Database(logFileOf(dataDir), { readonly: true }));
  let turns = 0;
  const turn = () => {
    const [next, last] = turns % 2 === 0 ? readers : readers.toReversed();
    next?.exec('BEGIN');
    next?.prepare('SELECT count(*) FROM batches').get();
    if (last?.inTransaction === true) last.exec('COMMIT');
    turns += 1;
  };
  turn();
  const timer = setInterval(turn, 20);
  const stop = () => {
    clearInterval(timer);
    for (const reader of readers) reader.close();
  };
  onTestFinished(stop);
  return { count: () => turns, stop };
}

describe('the WAL', () => {
  test('stays small under full load, though fifty replay the log all the time', async () => {
    const { log, append, walMebibytes } = await openLog();
    const replays = Array.from({ length: 50 }, () => replayOver(log));
    let largest = 0;
    for (let at = 0; at < countOf(12, 4_000); at += 1) {
      await append(4);
      largest = Math.max(largest, walMebibytes());
    }
    await Promise.all(replays.map((stop) => stop()));
    process.stderr.write(`the WAL had ${largest.toFixed(0)} MiB at most\n`);
    expect(largest).toBeLessThan(64);
  });

  test('stays small though some program reads at every moment', async () => {
    const { dataDir, append, walMebibytes } = await openLog();
    await append(1);
    const takeTurns = readersThatOverlap(dataDir);
    let largest = 0;
    for (let at = 0; at < 24; at += 1) {
      await append(4);
      largest = Math.max(largest, walMebibytes());
    }
    takeTurns.stop();
    expect(takeTurns.count()).toBeGreaterThan(3);
    expect(largest).toBeLessThan(64);
  });

  test('grows while another program reads the file without an end, events go on, and it is small again soon after', async () => {
    const { log, dataDir, append, walMebibytes } = await openLog();
    const foreign = new Database(logFileOf(dataDir), { readonly: true });
    await append(1);
    foreign.exec('BEGIN');
    foreign.prepare('SELECT count(*) FROM records').get();
    for (let at = 0; at < 12; at += 1) await append(4);
    expect(walMebibytes()).toBeGreaterThan(40);
    expect(log.head).toBe(49 * 128);
    foreign.close();
    await expect
      .poll(
        async () => {
          await append(1);
          return walMebibytes();
        },
        { timeout: 10_000 },
      )
      .toBeLessThan(32);
  });
});

import Database from 'better-sqlite3';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { EventDraft, RecordedEvent } from '../../src/pipeline/event.ts';
import type { EventLog, ReadRequest } from '../../src/pipeline/event-log.ts';
import { matchAll, readFilter } from '../../src/pipeline/filter.ts';
import type { Outcome } from '../../src/pipeline/outcome.ts';
import { openSqliteLog } from '../../src/sinks/sqlite/sqlite-log.ts';
import { aDraft } from '../support/memory-log.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const noon = Date.parse('2026-03-01T12:00:00.000Z');

async function openLog(dataDir: string, clock?: () => number): Promise<EventLog> {
  const log = await openSqliteLog({ dataDir, readers: 1, ...(clock === undefined ? {} : { clock }) });
  onTestFinished(() => log.close());
  return log;
}

/** One log for the tests of a table, since its threads take longer to start than a test takes. */
function sharedLog(clock: () => number): () => EventLog {
  let dataDir = '';
  let log: EventLog;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'alert-hub-test-'));
    log = await openSqliteLog({ dataDir, readers: 1, clock });
  });
  afterAll(async () => {
    await log.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  return () => log;
}

type Fields = Partial<EventDraft> & { readonly id: string };

/** Appends one batch over TCP. */
async function append(log: EventLog, ...drafts: readonly Fields[]): Promise<readonly Outcome[]> {
  const { outcomes } = await log.append(drafts.map((fields) => ({ draft: aDraft(fields), channel: 'tcp' })));
  return outcomes;
}

async function read(log: EventLog, request: Partial<ReadRequest> = {}) {
  const everything = { after: 0, before: log.head + 1, order: 'asc', filter: matchAll, limit: 100 } as const;
  const page = await log.read({ ...everything, maxBytes: 1_000_000, ...request });
  return { ...page, positions: page.records.map(({ position }) => position) };
}

async function events(log: EventLog): Promise<readonly RecordedEvent[]> {
  return (await read(log)).records.map(({ json }) => JSON.parse(json) as RecordedEvent);
}

const ids = (count: number): readonly Fields[] => Array.from({ length: count }, (_, at) => ({ id: `e${at + 1}` }));

describe('appending to the log in SQLite', () => {
  it('gives consecutive positions, over batches and openings', async () => {
    const dataDir = await makeTempDir();
    const first = await openLog(dataDir);
    expect(first).toMatchObject({ head: 0, first: 1 });
    await append(first, { id: 'a' }, { id: 'b' });
    await append(first, { id: 'c' });
    await first.close();

    const again = await openLog(dataDir);
    expect(again).toMatchObject({ head: 3, first: 1, epoch: first.epoch });
    expect(await append(again, { id: 'd' })).toEqual([{ kind: 'accepted', id: 'd', position: 4 }]);
    expect((await events(again)).map(({ id, position }) => `${id}${position}`)).toEqual(['a1', 'b2', 'c3', 'd4']);
  });

  it('takes the time that it filled in, sent back, and empty labels and data for the same content', async () => {
    const log = await openLog(await makeTempDir());
    const [accepted] = await append(log, { id: 'a' });
    expect(accepted).toMatchObject({ kind: 'accepted' });
    const { records } = await log.read({
      after: 0,
      before: 2,
      order: 'asc',
      filter: matchAll,
      limit: 1,
      maxBytes: 1e6,
    });
    const { time } = JSON.parse(records[0]?.json ?? '') as { time: string };
    expect(await append(log, { id: 'a', time: Date.parse(time), labels: {}, data: {} })).toEqual([
      { kind: 'duplicate', id: 'a', position: 1 },
    ]);
    await log.close();
  });

  it('records what was sent before once, in the same batch and after opening again', async () => {
    const dataDir = await makeTempDir();
    const log = await openLog(dataDir);
    const draft = { id: 'a', labels: { site: 'x' }, data: { n: 1, list: [{ a: null }] } };
    expect(await append(log, { id: '0' }, draft, draft)).toEqual([
      { kind: 'accepted', id: '0', position: 1 },
      { kind: 'accepted', id: 'a', position: 2 },
      { kind: 'duplicate', id: 'a', position: 2 },
    ]);
    await log.close();

    const again = await openLog(dataDir);
    const reordered = { ...draft, data: { list: [{ a: null }], n: 1 } };
    const { outcomes, records } = await again.append([{ draft: aDraft(reordered), channel: 'ws' }]);
    expect({ outcomes, records }).toEqual({ outcomes: [{ kind: 'duplicate', id: 'a', position: 2 }], records: [] });
    expect(again.head).toBe(2);
  });

  it('takes the same without a time for the same, whenever it comes', async () => {
    let now = noon;
    const log = await openLog(await makeTempDir(), () => now);
    await append(log, { id: 'a' });
    now += 60_000;
    expect(await append(log, { id: 'a' })).toEqual([{ kind: 'duplicate', id: 'a', position: 1 }]);
  });

  it('keeps ids apart by their source', async () => {
    const log = await openLog(await makeTempDir());
    const outcomes = await append(log, { id: 'a', source: 'one' }, { id: 'a', source: 'two' });
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
  });

  it('never lets receivedAt go back, though the clock does and the log is opened again', async () => {
    const dataDir = await makeTempDir();
    const times = [noon, noon - 5_000, noon + 1_000];
    const log = await openLog(dataDir, () => times.shift() ?? 0);
    for (const id of ['a', 'b', 'c']) await append(log, { id });
    await log.close();
    const again = await openLog(dataDir, () => noon - 60_000);
    await append(again, { id: 'd' });
    const recorded = await events(again);
    expect(recorded.map(({ receivedAt }) => Date.parse(receivedAt) - noon)).toEqual([0, 0, 1_000, 1_000]);
    expect(recorded.every(({ time, receivedAt }) => time === receivedAt)).toBe(true);
  });

  it('answers that it cannot take or give more once it is closed, and may be closed again', async () => {
    const log = await openLog(await makeTempDir());
    await log.close();
    await log.close();
    await expect(read(log)).rejects.toThrow('the log is closed');
    expect(await append(log, { id: 'a' })).toMatchObject([{ kind: 'failed', code: 'unavailable', id: 'a' }]);
  });
});

describe('reading the log in SQLite', () => {
  const all = Array.from({ length: 20 }, (_, at) => at + 1);

  it('answers many at once, with more threads than it began with', async () => {
    const log = await openSqliteLog({ dataDir: await makeTempDir(), readers: 3 });
    onTestFinished(() => log.close());
    await append(log, ...ids(20));
    const pages = await Promise.all(all.map((position) => read(log, { after: position - 1, limit: 1 })));
    expect(pages.flatMap(({ positions }) => positions)).toEqual(all);
  });

  it('is over when the log is closed, though a thread has just begun', async () => {
    const log = await openSqliteLog({ dataDir: await makeTempDir(), readers: 2 });
    await read(log);
    const pages = Promise.allSettled(all.map(() => read(log)));
    await log.close();
    expect((await pages).map(({ status }) => status)).toContain('rejected');
  });
});

describe('an id that is in the log in SQLite', () => {
  const log = sharedLog(() => noon);

  it.each<[string, Partial<EventDraft>]>([
    ['message', { message: 'other' }],
    ['severity', { severity: 'error' }],
    ['key', { key: 'other' }],
    ['status', { status: 'resolved', statusGiven: true }],
    ['labels', { labels: { site: 'y' } }],
    ['data', { data: { a: 1 } }],
    ['time', { time: noon - 1 }],
    ['no time', { time: null }],
  ])('is refused with another %s, and what stands beside it is recorded', async (name, difference) => {
    const draft = { id: name, time: noon - 2, data: { a: 0 } };
    const [first] = await append(log(), draft);
    expect(first).toMatchObject({ kind: 'accepted' });
    const head = log().head;
    expect(await append(log(), { ...draft, ...difference }, { id: `beside ${name}` })).toEqual([
      {
        kind: 'rejected',
        code: 'id_conflict',
        id: name,
        error: `id: must be new for this source, or come with the same content; "${name}" is recorded with other content`,
      },
      { kind: 'accepted', id: `beside ${name}`, position: head + 1 },
    ]);
  });
});

describe('reading the log in SQLite', () => {
  const log = sharedLog(() => noon);
  beforeAll(() => append(log(), ...ids(6)));

  it.each<[string, Partial<ReadRequest>, readonly number[], number, boolean]>([
    ['all of it', {}, [1, 2, 3, 4, 5, 6], 6, true],
    ['between two positions, themselves not included', { after: 2, before: 5 }, [3, 4], 4, true],
    ['down', { order: 'desc' }, [6, 5, 4, 3, 2, 1], 1, true],
    ['down between two positions', { after: 2, before: 5, order: 'desc' }, [4, 3], 3, true],
    ['up to a limit', { limit: 2 }, [1, 2], 2, false],
    ['down to a limit', { limit: 2, order: 'desc' }, [6, 5], 5, false],
    ['up to the size of a page, at least one record', { maxBytes: 1 }, [1], 1, false],
    ['nothing between neighbours', { after: 3, before: 4 }, [], 3, true],
    ['nothing that a filter lets through', { filter: readFilter({ source: 'nobody' }, 0) }, [], 6, true],
    ['what a filter lets through', { filter: readFilter({ q: 'id:e2 OR id:e5' }, 0) }, [2, 5], 6, true],
    ['a filter up to a limit', { filter: readFilter({ q: 'id:e2 OR id:e5' }, 0), limit: 1 }, [2], 2, false],
  ])('gives %s', async (_, request, positions, through, isComplete) => {
    expect(await read(log(), request)).toMatchObject({ positions, through, isComplete });
  });

  it('gives the text that was appended, byte for byte', async () => {
    const log = await openLog(await makeTempDir());
    const draft = aDraft({ id: 'a', message: 'a\0b "é" 😀', data: { ['__proto__']: 1, '': { n: 1e21 } } });
    const { records } = await log.append([{ draft, channel: 'http' }]);
    expect((await read(log)).records).toEqual([{ position: 1, json: records[0]!.json }]);
  });
});

describe('the directory of the log in SQLite', () => {
  it('is for one hub at a time, and free again when that has closed', async () => {
    const dataDir = await makeTempDir();
    const log = await openLog(dataDir);
    await expect(openLog(dataDir)).rejects.toThrow(
      new RegExp(`^another hub \\(process ${process.pid}\\) is running on `),
    );
    expect(await append(log, { id: 'a' })).toMatchObject([{ kind: 'accepted' }]);
    await log.close();
    expect((await openLog(dataDir)).head).toBe(1);
  });

  it('is refused when a newer program has written it, and left as it is', async () => {
    const dataDir = await makeTempDir();
    await (await openLog(dataDir)).close();
    const db = new Database(join(dataDir, 'hub.db'));
    onTestFinished(() => {
      db.close();
    });
    db.pragma('user_version = 99');
    await expect(openLog(dataDir)).rejects.toThrow(/^the log has schema 99, this program knows up to \d+; /);
    expect(db.pragma('user_version', { simple: true })).toBe(99);
  });

  it('gives every log another epoch', async () => {
    const [one, other] = [await openLog(await makeTempDir()), await openLog(await makeTempDir())];
    expect(one.epoch).not.toBe(other.epoch);
  });

  it.skipIf(process.platform === 'win32')('is its owner’s alone, and so are the files in it', async () => {
    const dataDir = join(await makeTempDir(), 'made', 'by', 'the hub');
    const log = await openLog(dataDir);
    await append(log, { id: 'a' });
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect(await mode(dataDir)).toBe('700');
    for (const file of ['hub.db', 'hub.db-wal', 'hub.db-shm']) expect(await mode(join(dataDir, file))).toBe('600');
  });

  it('keeps what a consumer saved last', async () => {
    const dataDir = await makeTempDir();
    const log = await openLog(dataDir);
    expect(await log.loadCheckpoint('mail')).toBe(null);
    await log.saveCheckpoint('mail', 'first');
    await log.saveCheckpoint('mail', 'second');
    await log.close();
    expect(await (await openLog(dataDir)).loadCheckpoint('mail')).toBe('second');
  });
});

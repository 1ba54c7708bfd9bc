import type Database from 'better-sqlite3';
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backUpLog } from '../../src/sinks/sqlite/log-backup.ts';
import { lockDirectory } from '../../src/sinks/sqlite/directory-lock.ts';
import { restoredFile } from '../../src/sinks/sqlite/restored-file.ts';
import { openSqliteLog } from '../../src/sinks/sqlite/sqlite-log.ts';
import { runCli } from '../support/cli.ts';
import { waitFor } from '../support/deadline.ts';
import { startHub, startHubProcess } from '../support/hub.ts';
import { ask, openStream, page, post } from '../support/hub-http.ts';
import { inFile, walkWhole } from '../support/log-file.ts';
import { aDraft } from '../support/memory-log.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { connectWs } from '../support/ws-client.ts';

const numbered = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `e${from + at}`, source: 's', message: `m${from + at}` }));

/** A directory with a log of so many events, and a backup of it. */
async function backedUp(
  count: number,
): Promise<{ readonly dataDir: string; readonly file: string; readonly epoch: string }> {
  const dataDir = await makeTempDir();
  const file = join(await makeTempDir(), 'backup.db');
  const log = await openSqliteLog({ dataDir, readers: 1 });
  await log.append(numbered(1, count).map((fields) => ({ draft: aDraft(fields), channel: 'tcp' })));
  const { signal } = new AbortController();
  await backUpLog({ dataDir, file, mayReplace: false, onProgress: () => undefined, signal });
  await log.close();
  return { dataDir, file, epoch: log.epoch };
}

describe('alert-hub backup', () => {
  it('holds every event that was acknowledged before it began, while more come all the time', async () => {
    const dataDir = await makeTempDir();
    const file = join(await makeTempDir(), 'backup.db');
    const hub = await startHubProcess({ dataDir });
    let acknowledged = 0;
    const stopped = new AbortController();
    const producer = (async () => {
      for (let from = 1; !stopped.signal.aborted; from += 100) {
        expect(await post(hub.http, numbered(from, 100))).toMatchObject({ status: 200 });
        acknowledged += 100;
      }
    })();
    await waitFor(() => acknowledged >= 3_000, { within: 40_000, what: 'some events' });
    const before = acknowledged;
    const { exitCode, stdout } = await runCli(['backup', '--json', file], { dataDir });
    const during = acknowledged - before;
    stopped.abort();
    await producer;
    expect(exitCode).toBe(0);
    expect(during).toBeGreaterThan(0);
    const { integrity, records, synced } = inFile(file, (db) => ({
      integrity: db.pragma('integrity_check', { simple: true }),
      records: db.prepare('SELECT count(*) FROM records').pluck().get() as number,
      synced: db.pragma('journal_mode', { simple: true }),
    }));
    expect({ integrity, synced }).toEqual({ integrity: 'ok', synced: 'delete' });
    expect(records).toBeGreaterThanOrEqual(before);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, file, records, head: records });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('works without a hub, also after one that was killed, and does not replace a file unless told to', async () => {
    const dataDir = await makeTempDir();
    const file = join(await makeTempDir(), 'backup.db');
    const hub = await startHubProcess({ dataDir });
    await post(hub.http, numbered(1, 5));
    await hub.kill();
    const backup = (...more: string[]) => runCli(['backup', file, ...more], { dataDir });
    expect(await backup()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('5 records') as string });
    const refused = await backup();
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('--replace');
    expect(await backup('--replace')).toMatchObject({ exitCode: 0 });
    const nothing = await runCli(['backup', `${file}2`], { dataDir: await makeTempDir() });
    expect(nothing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('there is no log in') as string });
    expect(existsSync(`${file}2`)).toBe(false);
  });

  it('fails, and makes no file, when the log is damaged', async () => {
    const { dataDir, file } = await backedUp(50);
    const handle = openSync(join(dataDir, 'hub.db'), 'r+');
    writeSync(handle, Buffer.from('"m99"'), 0, 5, indexOf(join(dataDir, 'hub.db'), '"m25"'));
    closeSync(handle);
    const { exitCode, stderr } = await runCli(['backup', `${file}2`], { dataDir });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('record 25 is damaged');
    expect(existsSync(`${file}2`)).toBe(false);
  });
});

describe('alert-hub restore', () => {
  it('gives the events back under a new epoch, and every cursor of the old log is refused', async () => {
    const { dataDir, file, epoch } = await backedUp(20);
    const elsewhere = await makeTempDir();
    const restored = await runCli(['restore', '--json', file], { dataDir: elsewhere });
    expect(restored).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(restored.stdout)).toMatchObject({ ok: true, records: 20, head: 20, replaced: null });
    const hub = await startHub({ dataDir: elsewhere });
    const all = await page(hub.http, 'after=0');
    expect(all.events.map(({ id }) => id)).toEqual(numbered(1, 20).map(({ id }) => id));
    expect(all.epoch).not.toBe(epoch);
    expect(JSON.parse(restored.stdout)).toMatchObject({ epoch: all.epoch });

    const wrongEpoch = { status: 410, body: { ok: false, code: 'wrong_epoch' } };
    expect(await ask(`${hub.http}/api/events?after=5&epoch=${epoch}`)).toMatchObject(wrongEpoch);
    const sse = { Accept: 'text/event-stream', 'Last-Event-ID': `${epoch}:5` };
    expect(await ask(`${hub.http}/api/events`, { headers: sse })).toMatchObject(wrongEpoch);
    const ndjson = { Accept: 'application/x-ndjson' };
    expect(await ask(`${hub.http}/api/events?after=5&epoch=${epoch}&follow=1`, { headers: ndjson })).toMatchObject(
      wrongEpoch,
    );
    const ws = await connectWs(hub.http, `?after=5&epoch=${epoch}`);
    expect(await ws.frame('error')).toMatchObject({ code: 'wrong_epoch' });
    expect((await ws.closed).code).toBe(4410);
    // The new epoch's are good, and the log goes on.
    await post(hub.http, { message: 'next' });
    const stream = await openStream(`${hub.http}/api/events?after=19&epoch=${all.epoch}`, ndjson);
    await stream.ended;
    expect(stream.positions()).toEqual([20, 21]);
    expect(await ask(`${hub.http}/api/stats`)).toMatchObject({ body: { epoch: all.epoch, total: 21 } });
    expect(existsSync(dataDir)).toBe(true);
  });

  it('refuses while a hub runs there, where a log is, and a backup that is not whole, and changes nothing', async () => {
    const { dataDir, file, epoch } = await backedUp(30);
    const hub = await startHubProcess({ dataDir });
    const running = await runCli(['restore', '--replace', file], { dataDir });
    expect(running).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/another hub .*is running/) as string });
    await hub.stop();
    const there = await runCli(['restore', file], { dataDir });
    expect(there).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--replace') as string });

    const flipped = `${file}.flipped`;
    copyFileSync(file, flipped);
    const handle = openSync(flipped, 'r+');
    writeSync(handle, Buffer.from('"m98"'), 0, 5, indexOf(flipped, '"m17"'));
    closeSync(handle);
    const damaged = await runCli(['restore', '--replace', flipped], { dataDir });
    expect(damaged).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('record 17 is damaged') as string });
    writeFileSync(`${file}.text`, 'not a database, but long enough to look at '.repeat(100));
    const other = await runCli(['restore', '--replace', `${file}.text`], { dataDir });
    expect(other).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is not a backup') as string });

    expect(readdirSync(dataDir).filter((name) => /restor|replaced/.test(name))).toEqual([]);
    expect(await page((await startHub({ dataDir })).http)).toMatchObject({ epoch, head: 30 });
  });

  it('keeps the log that was there under another name', async () => {
    const { dataDir, file } = await backedUp(10);
    const hub = await startHub({ dataDir });
    await post(hub.http, numbered(11, 5));
    await hub.stop();
    const { stdout } = await runCli(['restore', '--replace', '--json', file], { dataDir });
    const { replaced } = JSON.parse(stdout) as { replaced: string };
    expect(inFile(replaced, countRecords)).toBe(15);
    const again = await startHub({ dataDir });
    expect(await page(again.http, 'after=0')).toMatchObject({ head: 10 });
    await again.stop();
    walkWhole(dataDir);
  });

  it('is finished by the next start, wherever it was killed once the backup was checked', async () => {
    for (const moved of [[], ['hub.db'], ['hub.db', 'hub.db-wal']]) {
      const { dataDir, file } = await backedUp(3);
      const hub = await startHubProcess({ dataDir });
      await post(hub.http, numbered(4, 2));
      // With a WAL that holds the last events.
      await hub.kill();
      copyFileSync(file, restoredFile(dataDir, 'x'));
      for (const name of moved)
        renameSync(join(dataDir, name), join(dataDir, name.replace('hub.db', 'hub.db.replaced-x')));
      const log = await openSqliteLog({ dataDir, readers: 1 });
      expect(log.head).toBe(3);
      await log.close();
      walkWhole(dataDir);
      expect(inFile(join(dataDir, 'hub.db.replaced-x'), countRecords)).toBe(5);
    }
  });

  it('is finished by whoever looks at the log first', async () => {
    for (const moved of [[], ['hub.db']]) {
      const looks = [
        (dataDir: string) => runCli(['verify', '--json'], { dataDir }),
        (dataDir: string) => runCli(['backup', '--json', join(dataDir, 'again.db')], { dataDir }),
      ];
      for (const look of looks) {
        const { dataDir, file } = await backedUp(3);
        const hub = await startHub({ dataDir });
        await post(hub.http, numbered(4, 2));
        await hub.stop();
        copyFileSync(file, restoredFile(dataDir, 'x'));
        for (const name of moved)
          renameSync(join(dataDir, name), join(dataDir, name.replace('hub.db', 'hub.db.replaced-x')));
        const { exitCode, stdout } = await look(dataDir);
        expect({ exitCode, ...(JSON.parse(stdout) as object) }).toMatchObject({ exitCode: 0, ok: true, head: 3 });
        expect(inFile(join(dataDir, 'hub.db.replaced-x'), countRecords)).toBe(5);
      }
    }
  });

  it('is finished before an event is redacted that no hub holds', async () => {
    const { dataDir, file } = await backedUp(3);
    renameSync(join(dataDir, 'hub.db'), join(dataDir, 'hub.db.replaced-x'));
    copyFileSync(file, restoredFile(dataDir, 'x'));
    expect(await runCli(['redact', '2'], { dataDir })).toMatchObject({ exitCode: 0 });
    walkWhole(dataDir);
  });

  it('is left to whoever is at it', async () => {
    const { dataDir, file } = await backedUp(3);
    copyFileSync(file, restoredFile(dataDir, 'x'));
    const unlock = lockDirectory(dataDir);
    const { exitCode, stderr } = await runCli(['verify'], { dataDir });
    unlock();
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('being restored') as unknown,
    });
  });
});

const countRecords = (db: Database.Database) => db.prepare('SELECT count(*) FROM records').pluck().get();

/** Where a text is in a file. */
function indexOf(file: string, text: string): number {
  const at = readFileSync(file).indexOf(text);
  if (at < 0) throw new Error(`${file} does not hold ${text}`);
  return at;
}

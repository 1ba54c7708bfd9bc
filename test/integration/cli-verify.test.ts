import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { logFileOf } from '../../src/sinks/sqlite/log-file.ts';
import { runCli } from '../support/cli.ts';
import { post } from '../support/hub-http.ts';
import { startHub } from '../support/hub.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { damageRecord, verifyLog, writeLog } from '../support/written-log.ts';

const verify = async (dataDir: string) => {
  const { exitCode, stdout, stderr } = await runCli(['verify', '--json'], { dataDir });
  return { exitCode, result: stdout === '' ? null : (JSON.parse(stdout) as unknown), stderr };
};

describe('alert-hub verify', () => {
  it('says of a whole log what is in it, and changes nothing', async () => {
    const dataDir = await makeTempDir();
    writeLog(dataDir, 10, 5);
    const bytes = readFileSync(logFileOf(dataDir));
    const { exitCode, stdout } = await runCli(['verify'], { dataDir });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'the log is as it was written: 50 records, positions 1 to 50\n',
    });
    expect(await verify(dataDir)).toMatchObject({
      exitCode: 0,
      result: { ok: true, epoch: expect.any(String) as unknown, first: 1, head: 50, records: 50 },
    });
    expect(readFileSync(logFileOf(dataDir)).equals(bytes)).toBe(true);
  });

  it('names the first position that is not as it was written, beside a hub too', async () => {
    const dataDir = await makeTempDir();
    writeLog(dataDir, 10, 5);
    for (const position of [33, 17]) damageRecord(dataDir, position);
    const { exitCode, stdout } = await runCli(['verify'], { dataDir });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: 'record 17 is damaged: its text does not match its checksum\n',
    });
    await startHub({ dataDir });
    expect(await verify(dataDir)).toMatchObject({
      exitCode: 1,
      result: { ok: false, position: 17, error: expect.stringContaining('record 17') as unknown, head: 50 },
    });
  });

  it('passes beside a hub that is recording', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir });
    const over = new AbortController();
    const recording = (async () => {
      for (let at = 0; !over.signal.aborted; at += 1)
        await post(hub.http, [{ message: `${at}` }, { message: 'and another' }]);
    })();
    const verdict = await verify(dataDir);
    over.abort();
    await recording;
    expect(verdict).toMatchObject({ exitCode: 0, result: { ok: true } });
  });

  it.each([
    ['a batch that is missing', 'DELETE FROM records WHERE position BETWEEN 16 AND 20', 16],
    [
      'a batch that was taken out of the chain too',
      'DELETE FROM records WHERE position BETWEEN 16 AND 20; DELETE FROM batches WHERE first_position = 16',
      16,
    ],
    ['the last records gone', 'DELETE FROM records WHERE position > 45', 46],
    [
      'a record that was changed with its checksum',
      'UPDATE records SET record = (SELECT replace(record, \'"position":8\', \'"position":9\') FROM records WHERE position = 8), checksum = (SELECT checksum FROM records WHERE position = 8), given = (SELECT given FROM records WHERE position = 8) WHERE position = 9',
      9,
    ],
    [
      'a column that is not what the text says',
      'UPDATE records SET severity = 3 WHERE position = 13 OR position = 14',
      13,
    ],
    ['a link of the chain', 'UPDATE batches SET chain = zeroblob(32) WHERE first_position = 21', 21],
  ])('finds %s', async (_, sql, position) => {
    const dataDir = await makeTempDir();
    writeLog(dataDir, 10, 5);
    const db = new Database(logFileOf(dataDir));
    db.exec(sql);
    db.close();
    expect(verifyLog(dataDir)?.position).toBe(position);
  });

  it('says when the file is no log at all, or of a newer program, or not there', async () => {
    const dataDir = await makeTempDir();
    expect(await verify(dataDir)).toEqual({
      exitCode: 1,
      result: null,
      stderr: `error: there is no log in ${dataDir}; name its data directory with --data-dir\n`,
    });
    writeLog(dataDir, 1, 1);
    const db = new Database(logFileOf(dataDir));
    db.pragma('user_version = 99');
    db.close();
    expect((await verify(dataDir)).stderr).toMatch(/^error: the log has schema 99, this program knows up to \d+; /);
    writeFileSync(logFileOf(dataDir), 'not a database');
    appendFileSync(logFileOf(dataDir), Buffer.alloc(8_192));
    expect(await verify(dataDir)).toMatchObject({
      exitCode: 1,
      result: { ok: false, position: null, error: 'the log is damaged: file is not a database' },
    });
  });

  it('looks at what is put aside for mails, too', async () => {
    const dataDir = await makeTempDir();
    writeLog(dataDir, 10, 5);
    const db = new Database(logFileOf(dataDir));
    db.exec(`
      INSERT INTO kept_records SELECT position, record, checksum FROM records WHERE position IN (3, 4);
      UPDATE kept_records SET record = replace(record, 'happened', 'occurred') WHERE position = 4`);
    db.close();
    expect(await verify(dataDir)).toMatchObject({
      exitCode: 1,
      result: { ok: false, position: 4, error: 'record 4 is damaged: its text does not match its checksum' },
    });
  });
});

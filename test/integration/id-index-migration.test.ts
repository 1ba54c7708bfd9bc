import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { logFileOf, openForWriting } from '../../src/sinks/sqlite/log-file.ts';
import { LogWriter } from '../../src/sinks/sqlite/log-writer.ts';
import { prepareBatch } from '../../src/sinks/sqlite/prepared-batch.ts';
import { aDraft } from '../support/memory-log.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { verifyLog, writeLog } from '../support/written-log.ts';

/** As the version before this one left it. */
function takeBack(dataDir: string): void {
  const db = new Database(logFileOf(dataDir));
  db.exec(`
    DROP TABLE ids;
    DROP TABLE near_ids;
    DROP TABLE id_index;
    CREATE UNIQUE INDEX records_id ON records (id, source);
    PRAGMA user_version = 3;
  `);
  db.close();
}

describe('a log whose ids are in an index of SQLite', () => {
  it('is verified as it is, and knows its ids when a newer program has opened it', async () => {
    const dataDir = await makeTempDir();
    const head = writeLog(dataDir, 40, 50).length;
    takeBack(dataDir);
    expect(verifyLog(dataDir)).toBeNull();

    const writer = new LogWriter(openForWriting(dataDir));
    const again = [aDraft({ id: 'event-7-3', source: 's0', message: 'other' }), aDraft({ id: 'new' })];
    const { fields, receivedAt } = prepareBatch(
      again.map((draft) => ({ draft, channel: 'tcp' })),
      Date.now(),
    );
    expect([...writer.append(fields, receivedAt)]).toEqual([0, head + 1]);
    writer.close();
    expect(verifyLog(dataDir)).toBeNull();
  });

  it('is found to be damaged when the table does not lead to an event', async () => {
    const dataDir = await makeTempDir();
    writeLog(dataDir, 10, 50);
    takeBack(dataDir);
    openForWriting(dataDir).close();
    const db = new Database(logFileOf(dataDir));
    db.prepare('DELETE FROM ids WHERE position = 123').run();
    db.close();
    expect(verifyLog(dataDir)?.message).toBe('record 123 is damaged: the index of ids does not lead to it');
  });
});

describe('a log whose ids are in one table', () => {
  it('is verified as it is, and knows its ids when a newer program has opened it', async () => {
    const dataDir = await makeTempDir();
    writeLog(dataDir, 10, 50);
    const db = new Database(logFileOf(dataDir));
    db.exec(`
      DROP TABLE near_ids;
      ALTER TABLE id_index DROP COLUMN half;
      PRAGMA user_version = 4;
    `);
    db.close();
    expect(verifyLog(dataDir)).toBeNull();

    const writer = new LogWriter(openForWriting(dataDir));
    const { fields, receivedAt } = prepareBatch(
      [{ draft: aDraft({ id: 'event-7-3', source: 's0', message: 'other' }), channel: 'tcp' }],
      Date.now(),
    );
    expect([...writer.append(fields, receivedAt)]).toEqual([0]);
    writer.close();
    expect(verifyLog(dataDir)).toBeNull();
  });
});

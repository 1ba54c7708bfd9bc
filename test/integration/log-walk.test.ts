import { expect, test } from 'vitest';
import { openForReading, openForWriting } from '../../src/sinks/sqlite/log-file.ts';
import { walkLog } from '../../src/sinks/sqlite/log-walk.ts';
import { LogWriter } from '../../src/sinks/sqlite/log-writer.ts';
import { prepareBatch } from '../../src/sinks/sqlite/prepared-batch.ts';
import { makeQuickDir } from '../support/quick-dir.ts';
import { writeLog } from '../support/written-log.ts';

test('a check finds no damage where retention removes a redacted event that it has just read', async () => {
  const dataDir = await makeQuickDir();
  writeLog(dataDir, 3, 10);
  const writer = new LogWriter(openForWriting(dataDir));
  const redaction = { type: 'event.redacted', key: 's0', events: [5], by: 'a test', reason: 'a test' } as const;
  const batch = prepareBatch([{ decision: redaction }], Date.now());
  writer.append(batch.fields, batch.receivedAt);
  const db = openForReading(dataDir);
  try {
    const walk = walkLog(db);
    expect(walk.next().value).toBe(10);
    expect(writer.removeThrough(7, [])).toBe(7);
    expect([...walk].at(-1)).toBe(31);
  } finally {
    db.close();
    writer.close();
  }
});

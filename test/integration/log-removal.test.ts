import { describe, expect, it, onTestFinished } from 'vitest';
import { openForReading, openForWriting } from '../../src/sinks/sqlite/log-file.ts';
import { findExpired } from '../../src/sinks/sqlite/log-removal.ts';
import { LogWriter } from '../../src/sinks/sqlite/log-writer.ts';
import { appendedOf, prepareBatch } from '../../src/sinks/sqlite/prepared-batch.ts';
import { aDraft } from '../support/memory-log.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const mebibyte = 1024 * 1024;

/** A log of 400 events of 8 kB each. */
async function largeLog() {
  const dataDir = await makeTempDir();
  const writer = new LogWriter(openForWriting(dataDir));
  const reader = openForReading(dataDir);
  onTestFinished(() => {
    reader.close();
    writer.close();
  });
  const items = Array.from({ length: 400 }, (_, index) => ({
    draft: aDraft({ id: String(index), message: 'x'.repeat(8_000) }),
    channel: 'tcp',
  }));
  const batch = prepareBatch(items, Date.now());
  appendedOf(batch, writer.append(batch.fields, batch.receivedAt));
  const expired = (maxBytes: number) =>
    findExpired(reader, { receivedBefore: null, maxEvents: null, maxBytes }, 10_000);
  return { writer, expired };
}

describe('a limit of bytes', () => {
  it('is about what can be removed, not about what is put aside for mails', async () => {
    const { writer, expired } = await largeLog();
    expect(expired(5 * mebibyte)).toBeNull();
    expect(expired(2 * mebibyte)).toBeGreaterThan(100);
    const keep = Array.from({ length: 300 }, (_, index) => index + 1);
    for (let through = 0; through < 300;) through = writer.removeThrough(300, keep);
    // A hundred are left, beside three hundred copies.
    expect(expired(2 * mebibyte)).toBeNull();
    expect(expired(mebibyte / 2)).toBeLessThan(375);
  });

  it('is not about the checkpoints either', async () => {
    const { writer, expired } = await largeLog();
    writer.saveCheckpoint('alerting', 'x'.repeat(4 * mebibyte));
    expect(expired(5 * mebibyte)).toBeNull();
  });
});

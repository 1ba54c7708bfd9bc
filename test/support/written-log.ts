import Database from 'better-sqlite3';
import type { AppendItem } from '../../src/pipeline/event-log.ts';
import { matchAll, type Filter } from '../../src/pipeline/filter.ts';
import type { LogRecord, StoredRecord } from '../../src/pipeline/record.ts';
import type { DamageError } from '../../src/sinks/sqlite/damage.ts';
import { openCheck, type LogCheck } from '../../src/sinks/sqlite/log-check.ts';
import { logFileOf, openForWriting } from '../../src/sinks/sqlite/log-file.ts';
import { LogReader } from '../../src/sinks/sqlite/log-reader.ts';
import { LogWriter } from '../../src/sinks/sqlite/log-writer.ts';
import { appendedOf, prepareBatch } from '../../src/sinks/sqlite/prepared-batch.ts';
import { aDraft } from './memory-log.ts';

/** Writes a log of `batches` commits, `perBatch` events each, with a decision now and then, and closes it. Returns the
 *  text of each record. */
export function writeLog(dataDir: string, batches: number, perBatch: number): readonly string[] {
  const texts: string[] = [];
  for (const records of writtenBatches(dataDir, batches, perBatch)) texts.push(...records.map(({ json }) => json));
  return texts;
}

/** The same for a log that is too long to keep its texts, in commits as large as the hub's under load. */
export function fillLog(dataDir: string, events: number): void {
  const perBatch = 5_000;
  for (const records of writtenBatches(dataDir, events / perBatch, perBatch)) {
    if (records.length !== perBatch) throw new Error(`${records.length} of ${perBatch} records were written`);
  }
}

function* writtenBatches(dataDir: string, batches: number, perBatch: number): Generator<readonly LogRecord[]> {
  const writer = new LogWriter(openForWriting(dataDir));
  for (let at = 0; at < batches; at += 1) {
    const items = Array.from({ length: perBatch }, (_, index) => itemOf(at, index));
    const batch = prepareBatch(items, Date.parse('2026-03-01T12:00:00.000Z') + at * 1_000);
    yield appendedOf(batch, writer.append(batch.fields, batch.receivedAt)).records;
  }
  writer.close();
}

function itemOf(batch: number, index: number): AppendItem {
  if (index === 0 && batch % 4 === 1) {
    return { decision: { type: 'alerting.configured', routes: [], reason: 'a test' } };
  }
  const severity = (['info', 'warning', 'error', 'critical'] as const)[(batch + index) % 4] ?? 'info';
  const message = `${'what happened '.repeat(1 + ((batch * 7 + index) % 9))}${batch}`;
  const draft = aDraft({ id: `event-${batch}-${index}`, source: `s${index % 3}`, severity, message });
  return {
    draft: { ...draft, labels: { site: 'madrid' }, data: { n: index, deep: { list: [1, 'two'] } } },
    channel: 'tcp',
  };
}

/** What a reader gives from the beginning of the log on, until it refuses to, and why it does. */
export function readLog(
  dataDir: string,
  head: number,
  filter: Filter = matchAll,
): { readonly served: readonly StoredRecord[]; readonly refusal: unknown } {
  const served: StoredRecord[] = [];
  let reader: LogReader | null = null;
  try {
    reader = new LogReader(dataDir);
    for (let after = 0; after < head;) {
      const page = reader.read({ after, before: head + 1, order: 'asc', filter, limit: 50, maxBytes: 1e6 });
      served.push(...page.records);
      after = page.through;
    }
    return { served, refusal: null };
  } catch (error) {
    return { served, refusal: error };
  } finally {
    reader?.close();
  }
}

/** Flips a bit in the message of a record of a log that is closed. */
export function damageRecord(dataDir: string, position: number): void {
  const db = new Database(logFileOf(dataDir));
  const record =
    db.prepare<[number], string>('SELECT record FROM records WHERE position = ?').pluck().get(position) ?? '';
  const bytes = Buffer.from(record);
  const at = bytes.indexOf('"message":"') + '"message":"'.length;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  db.prepare('UPDATE records SET record = ? WHERE position = ?').run(bytes.toString(), position);
  db.close();
}

/** The positions whose text is another one now, as SQLite alone would give it. */
export function alteredIn(dataDir: string, texts: readonly string[]): readonly number[] {
  const altered: number[] = [];
  const db = new Database(logFileOf(dataDir), { readonly: true });
  try {
    const rows = db.prepare<[], { position: number; record: unknown }>('SELECT position, record FROM records');
    for (const { position, record } of rows.iterate()) if (record !== texts[position - 1]) altered.push(position);
  } catch {
    // Then SQLite itself gives no more.
  }
  db.close();
  return altered;
}

/** What `alert-hub verify` finds. */
export function verifyLog(dataDir: string): DamageError | null {
  let check: LogCheck;
  try {
    check = openCheck(dataDir);
  } catch (error) {
    return error as DamageError;
  }
  try {
    for (;;) {
      const { isDone, damage } = check.next();
      if (isDone) return damage;
    }
  } finally {
    check.close();
  }
}

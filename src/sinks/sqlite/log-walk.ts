import type Database from 'better-sqlite3';
import { isDeepStrictEqual } from 'node:util';
import type { Position } from '../../pipeline/event.ts';
import { chainValue } from './batch-chain.ts';
import { checkRecord } from './check-record.ts';
import { checkRow, damageOf, DamageError } from './damage.ts';
import { walkIds } from './id-index.ts';
import { WalkedLog } from './walked-log.ts';
import type { BatchesTable } from './tables.ts';

/** What is looked at when the hub starts. */
const recentRecords = 1_000;

/** Walks through the log, from the batch that `from` is in, and yields how far it has come. Throws a {@link DamageError} at
 *  the first record that is not what was written: by its checksum, its columns, its place, or the chain of its batch.
 *  Beside a hub that appends and removes it looks at what was there when it began and is there still. */
export function* walkLog(db: Database.Database, from: Position = 1): Generator<Position, void, void> {
  const log = new WalkedLog(db);
  const { head } = log;
  let next: Position | null = null;
  const begin = () => next ?? Math.max(from, log.first);
  let chain: Uint8Array | null = null;
  for (const batch of log.batchesFrom(from)) {
    if (batch.first_position > head) break;
    if (batch.first_position !== next) {
      log.requireRemoved(begin(), batch.first_position, 'it belongs to no batch');
      chain = log.chainBefore(batch);
    }
    const checksums = yield* walkBatch(log, batch);
    if (chain !== null && checksums !== null && !follows(log, batch, chain, checksums)) {
      throw new DamageError(batch.first_position, 'the batch that it begins does not follow from the one before');
    }
    chain = batch.chain;
    next = batch.last_position + 1;
  }
  log.requireRemoved(begin(), head + 1, 'it belongs to no batch');
}

/** Walks through the log, its index of ids, and then through what retention has put aside for mails. */
export function* walkAll(db: Database.Database): Generator<Position, void, void> {
  yield* walkLog(db);
  yield* walkIds(db);
  for (const row of new WalkedLog(db).kept()) {
    checkRow(row);
    yield row.position;
  }
}

/** Whether the batch is what was written after the chain value `before`, but for what was redacted since; also when that can be
 *  told no more, because retention has come to the batch since its rows were read. */
function follows(log: WalkedLog, batch: BatchesTable, before: Uint8Array, checksums: readonly number[]): boolean {
  if (isDeepStrictEqual(chainValue(before, checksums), batch.chain)) return true;
  const written = [...checksums];
  for (const { position, checksum } of log.redactions(batch)) written[position - batch.first_position] = checksum;
  return isDeepStrictEqual(chainValue(before, written), batch.chain) || log.first > batch.first_position;
}

/** Returns the checksums of the batch; null when retention has removed some of its records. */
function* walkBatch(log: WalkedLog, batch: BatchesTable): Generator<Position, readonly number[] | null, void> {
  const checksums: number[] = [];
  let next = batch.first_position;
  while (next <= batch.last_position) {
    let end = batch.last_position + 1;
    for (const row of log.rows(next, batch.last_position)) {
      log.requireRemoved(next, row.position, 'it is missing');
      checkRecord(row);
      checksums.push(row.checksum);
      end = next = row.position + 1;
    }
    log.requireRemoved(next, end, 'it is missing');
    next = end;
    yield next - 1;
  }
  return checksums.length === batch.last_position - batch.first_position + 1 ? checksums : null;
}

/** What is wrong with the last records; null when nothing is. */
export function findRecentDamage(db: Database.Database): DamageError | null {
  return damageOf(() => {
    const walk = walkLog(db, Math.max(1, new WalkedLog(db).head - recentRecords + 1));
    while (walk.next().done !== true);
  });
}

import type Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Position } from '../../pipeline/event.ts';
import { prepare, sqlFor } from './statements.ts';

/** CRC-32 (ISO 3309, as in zlib) of a record's UTF-8 text: finds any single flipped bit. */
export function recordChecksum(record: string): number {
  return crc32(record);
}

/** The chain value of a batch that follows one with the value `before` (empty for the first batch). */
export function chainValue(before: Uint8Array, checksums: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(checksums.length * 4);
  checksums.forEach((checksum, index) => bytes.writeUInt32BE(checksum, index * 4));
  return createHash('sha256').update(before).update(bytes).digest();
}

/** Links each committed batch to the one before, so that a batch that is missing or moved is found. */
export class BatchChain {
  readonly #insert: Database.Statement;
  #last: Uint8Array;

  constructor(db: Database.Database) {
    this.#insert = prepare(
      db,
      sqlFor.insertInto('batches').values({ first_position: 0, last_position: 0, chain: new Uint8Array() }).compile(),
    );
    const last = sqlFor.selectFrom('batches').select('chain').orderBy('first_position', 'desc').limit(1);
    this.#last = (prepare(db, last).get(1) as { chain: Uint8Array } | undefined)?.chain ?? new Uint8Array();
  }

  /** Adds a batch within the transaction that records it, and is of no more use when that is not committed. */
  add(first: Position, last: Position, checksums: readonly number[]): void {
    this.#last = chainValue(this.#last, checksums);
    this.#insert.run(first, last, this.#last);
  }
}

import Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';
import { recordChecksum } from './batch-chain.ts';

/** The log is not as it was written. It is never mended by the hub: what is wrong may be read elsewhere, or again. */
export class DamageError extends Error {
  override readonly name = 'DamageError';
  /** The first record that is damaged; null where it is not known which. */
  readonly position: Position | null;

  constructor(position: Position | null, reason: string) {
    super(position === null ? `the log is damaged: ${reason}` : `record ${String(position)} is damaged: ${reason}`);
    this.position = position;
  }
}

/** As much of a record's row as tells whether its text is what was written. */
export interface CheckedRow {
  readonly position: Position;
  readonly record: string;
  readonly checksum: number;
}

/** Throws when the row's text, or its place, is not what was written. */
export function checkRow({ position, record, checksum }: CheckedRow): void {
  // The column is text, but a damaged row says of itself what is in it.
  if (typeof record !== 'string') throw new DamageError(position, 'its text is none');
  if (recordChecksum(record) !== checksum) throw new DamageError(position, 'its text does not match its checksum');
  if (!record.startsWith(`{"position":${String(position)},`))
    throw new DamageError(position, 'its text is that of another position');
}

/** Whether the error says that a file is not as it must be. */
export function isDamage(error: unknown): boolean {
  return error instanceof DamageError || isFoundBySqlite(error);
}

function isFoundBySqlite(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}

/** The same, and a file whose tables have other names than the log's is damaged too. */
export function asForeignOrDamage(error: unknown): DamageError {
  const isForeign = error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR';
  return isForeign ? new DamageError(null, error.message) : asDamage(error, null);
}

/** What `read` finds to be damaged; null when nothing is. */
export function damageOf(read: () => void): DamageError | null {
  try {
    read();
    return null;
  } catch (error) {
    return asDamage(error, null);
  }
}

/** The error as a damage at `position`, if it is one; throws it otherwise. */
export function asDamage(error: unknown, position: Position | null): DamageError {
  if (error instanceof DamageError) return error;
  if (!isDamage(error)) throw error;
  return new DamageError(position, (error as Error).message);
}

import Database from 'better-sqlite3';
import { isDamage } from './damage.ts';

/** A batch that was not recorded, or of which that is not known. */
export class AppendError extends Error {
  override readonly name = 'AppendError';
  readonly code: 'unavailable' | 'in_doubt' | 'storage_full';
  /** Of a batch in doubt: what holds for it if it was recorded after all. */
  readonly verdicts: Float64Array | null;

  constructor(code: AppendError['code'], message: string, cause: unknown, verdicts: Float64Array | null = null) {
    super(message, { cause });
    this.code = code;
    this.verdicts = verdicts;
  }
}

/** What a failure before the commit means. */
export function notRecorded(error: unknown): unknown {
  if (isDamage(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (isFull(error)) return new AppendError('storage_full', `the disk is full (${reason}); free some space`, error);
  return new AppendError('unavailable', `the log could not be written: ${reason}`, error);
}

/** What a failed commit means, in words. */
export function inDoubt(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `the commit failed (${reason}), and whether the event was recorded is not known; send it again with the same id`;
}

/** Whether SQLite found no room for a write. */
export function isFull(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code === 'SQLITE_FULL';
}

import Database from 'better-sqlite3';
import fs from 'node:fs';
import type { Position } from '../../pipeline/event.ts';
import { LogCheck } from './log-check.ts';

/** How far a copy has come: bytes while it is made, then positions while it is checked. */
export interface CopyProgress {
  readonly stage: 'copying' | 'checking';
  readonly done: number;
  readonly total: number;
}

export interface CopiedLog {
  readonly epoch: string;
  readonly first: Position;
  readonly head: Position;
  readonly records: number;
  readonly bytes: number;
}

/** Pages of one step: between two of them others have their turn. */
const pagesAtOnce = 256;
/** Synced at once: the hub's own sync may have to wait for that much, and for no more. */
const bytesAtOnce = 8 * 1024 * 1024;

/** Copies the database as it is at this moment, whatever is written to it meanwhile, to a new file that stands alone. The
 *  source's WAL cannot be used anew until this resolves. */
export async function copyDatabase(
  source: Database.Database,
  target: string,
  onProgress: (progress: CopyProgress) => void,
): Promise<void> {
  const pageSize = source.pragma('page_size', { simple: true }) as number;
  // For its mode. SQLite would make one that others can read.
  const file = fs.openSync(target, 'wx', 0o600);
  let synced = 0;
  // Without a snapshot that is held, the copy would begin anew at each commit of another connection.
  source.exec('BEGIN');
  try {
    source.prepare('SELECT count(*) FROM log').get();
    await source.backup(target, {
      progress: ({ totalPages, remainingPages }) => {
        const done = (totalPages - remainingPages) * pageSize;
        if (done - synced >= bytesAtOnce) {
          fs.fdatasyncSync(file);
          synced = done;
        }
        onProgress({ stage: 'copying', done, total: totalPages * pageSize });
        return pagesAtOnce;
      },
    });
  } finally {
    source.exec('ROLLBACK');
    fs.closeSync(file);
  }
  const copy = new Database(target);
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

/** Checks every record of a copy, the chain of its commits, and the file itself. Throws when something is not as it was
 *  written. */
export async function checkCopy(file: string, onProgress: (progress: CopyProgress) => void): Promise<CopiedLog> {
  const check = new LogCheck(new Database(file, { readonly: true }));
  try {
    const damage = await check.run(() => {
      onProgress({ stage: 'checking', done: check.position, total: check.head });
    });
    if (damage !== null) throw damage;
    const { epoch, first, head, records } = check;
    return { epoch, first, head, records, bytes: fs.statSync(file).size };
  } finally {
    check.close();
  }
}

import type Database from 'better-sqlite3';

/** A file from elsewhere may have another auto_vacuum; in such a one free space is used again and not given back. */
const incremental = 2;
/** Given back in one transaction: half a mebibyte. */
const pagesAtOnce = 64;

/** Gives some of the file's free pages back to the file system, but for `kept` of them. Returns how many, and how many there
 *  are left to give back. */
export function giveBackPages(db: Database.Database, kept: number): { readonly given: number; readonly left: number } {
  const spare = (): number => Math.max(0, (db.pragma('freelist_count', { simple: true }) as number) - kept);
  const before = spare();
  if (before === 0 || db.pragma('auto_vacuum', { simple: true }) !== incremental) return { given: 0, left: before };
  // Not `pragma`: that would take the first step of the statement alone.
  db.exec(`PRAGMA incremental_vacuum(${String(Math.min(before, pagesAtOnce))})`);
  const left = spare();
  return { given: before - left, left };
}

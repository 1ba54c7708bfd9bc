import fs from 'node:fs';

/** Bytes of the WAL of a database file; 0 when it has none. */
export function walBytesOf(file: string): number {
  return fs.statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

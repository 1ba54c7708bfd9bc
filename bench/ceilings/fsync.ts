import fs from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { percentile } from '../stats.ts';

export interface FsyncCeiling {
  /** On the disk in question. */
  readonly directory: string;
  readonly seconds: number;
}

export interface FsyncResult {
  /** Milliseconds of one write and its fdatasync. */
  readonly p50: number;
  readonly p99: number;
}

const blockBytes = 4_096;
/** Then it begins again at the start, as a write-ahead log does: a file that grows is synced more slowly. */
const fileBlocks = 256;

/** What the disk alone can do: a small write and an fdatasync, again and again. */
export async function run({ directory, seconds }: FsyncCeiling): Promise<FsyncResult> {
  const file = path.join(directory, 'fsync');
  const handle = fs.openSync(file, 'w');
  const block = Buffer.alloc(blockBytes, 'x');
  const took: number[] = [];
  try {
    for (let index = 0; index < fileBlocks; index += 1) fs.writeSync(handle, block, 0, blockBytes, index * blockBytes);
    fs.fsyncSync(handle);
    const endAt = performance.now() + seconds * 1000;
    for (let count = 0; performance.now() < endAt; count += 1) {
      const startedAt = performance.now();
      fs.writeSync(handle, block, 0, blockBytes, (count % fileBlocks) * blockBytes);
      fs.fdatasyncSync(handle);
      took.push(performance.now() - startedAt);
      await setImmediate();
    }
  } finally {
    fs.closeSync(handle);
    fs.rmSync(file);
  }
  return { p50: percentile(took, 0.5), p99: percentile(took, 0.99) };
}

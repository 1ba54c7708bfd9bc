import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const memory = '/dev/shm';

/** As `makeTempDir`, in memory where there is such a place: for tests of what is written, and not of what survives. */
export async function makeQuickDir(): Promise<string> {
  const path = await mkdtemp(join(existsSync(memory) ? memory : tmpdir(), 'alert-hub-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

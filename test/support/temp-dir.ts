import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * Makes an empty directory that is removed when the running test has finished, passed or failed. Make it before what
 * lives in it: clean-up runs in reverse, so that a hub is stopped before its files go.
 */
export async function makeTempDir(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'alert-hub-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

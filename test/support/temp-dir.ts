import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Hands an empty directory to `use` and removes it when that is over: for the runs of a property. */
export async function inTempDir(use: (path: string) => unknown): Promise<void> {
  const path = await mkdtemp(join(tmpdir(), 'alert-hub-test-'));
  try {
    await use(path);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

/**
 * Makes an empty directory that is removed when the running test has finished, passed or failed. Make it before what
 * lives in it: clean-up runs in reverse, so that a hub is stopped before its files go.
 */
export async function makeTempDir(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'alert-hub-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

const script = fileURLToPath(new URL('../../scripts/build.js', import.meta.url));

/** Builds one part of `dist/`; fails with what the build printed. */
export async function build(part: 'server' | 'page'): Promise<void> {
  await promisify(execFile)(process.execPath, [script, part]);
}

/** Before any test, and again before each rerun: tests run `src/`, but the worker threads it starts are files of `dist/`. */
export default async function setup(project: TestProject): Promise<void> {
  project.onTestsRerun(() => build('server'));
  await build('server');
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SeededBug } from './seeded-bugs.ts';
import { makeTempDir } from './temp-dir.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const copied = ['bench', 'bin', 'scripts', 'src', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'];

interface Report {
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly message: string }[];
}

/** What became of a test run. */
export interface TestRun {
  readonly passed: number;
  readonly failed: number;
  /** What vitest printed. */
  readonly output: string;
}

/** A copy of this project's source and tests, to make mistakes in. */
export class SeededTree {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async copy(): Promise<SeededTree> {
    const path = await makeTempDir();
    for (const name of copied) await cp(join(root, name), join(path, name), { recursive: true });
    await symlink(join(root, 'node_modules'), join(path, 'node_modules'));
    return new SeededTree(path);
  }

  /** Runs the tests that are to catch it with the mistake made, and mends it again. Throws when the text that the mistake
   *  is made in is not there, or not once: then the bug must be seeded anew. */
  async runWith(bug: SeededBug): Promise<TestRun> {
    const file = join(this.#path, bug.file);
    const source = await readFile(file, 'utf8');
    const places = source.split(bug.text).length - 1;
    if (places !== 1) throw new Error(`${bug.name}: ${bug.file} has ${places} places, not one, that read ${bug.text}`);
    await writeFile(
      file,
      source.replace(bug.text, () => bug.mistake),
    );
    try {
      return await this.#run(bug.caughtBy);
    } finally {
      await writeFile(file, source);
    }
  }

  async #run({ project, file, name }: SeededBug['caughtBy']): Promise<TestRun> {
    const reportFile = join(this.#path, 'report.json');
    await rm(reportFile, { force: true });
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const args = [vitest, 'run', '--project', project, file, '--reporter=json', `--outputFile=${reportFile}`];
    if (name !== undefined && name !== '') args.push('--testNamePattern', name);
    const child = spawn(process.execPath, args, {
      cwd: this.#path,
      env: outsideEnv(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'close');
    const report = JSON.parse(await readFile(reportFile, 'utf8')) as Report;
    output += report.testResults.map(({ message }) => message).join('\n');
    return { passed: report.numPassedTests, failed: report.numFailedTests, output };
  }
}

/** The environment without what the outer test run has put there. */
function outsideEnv(): NodeJS.ProcessEnv {
  const isOuter = (name: string): boolean =>
    /^(VITEST|HUB_TEST_|NODE_ENV$|TEST$|DEV$|PROD$|MODE$|SSR$|BASE_URL$)/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOuter(name)));
}

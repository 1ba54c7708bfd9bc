/**
 * Runs every check of the project and then the named test projects: `node scripts/check.js unit property …`. Nothing
 * is cut short: each check runs even when an earlier one failed, and the last line counts them all, checks and tests
 * alike, as `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Names of scripts in package.json, the quick ones first. */
const checks = ['format:check', 'types', 'boundaries', 'unused', 'lint'];

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) console.error(`${command} did not run: ${error.message}`);
  return status === 0;
}

function runCheck(name) {
  console.log(`\n== ${name}`);
  const succeeded = run('npm', ['run', '--silent', name]);
  return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: 0 };
}

/** A test file that could not be loaded, or a run that ended badly with no test to blame, is one failure. */
function countTests(report, succeeded) {
  const unloadable = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = report.numFailedTests + unloadable.length;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !succeeded ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Each project in a run of its own, so that one that cannot even start (no browser) takes none of the others with it. */
function runProject(name) {
  console.log(`\n== test ${name}`);
  const directory = mkdtempSync(join(tmpdir(), 'alert-hub-check-'));
  const file = join(directory, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const succeeded = run('vitest', ['run', '--project', name, ...reporters]);
    if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
    return countTests(JSON.parse(readFileSync(file, 'utf8')), succeeded);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const results = [
  ...checks.map((name) => ({ name: `npm run ${name}`, ...runCheck(name) })),
  ...process.argv.slice(2).map((name) => ({ name: `npx vitest run --project ${name}`, ...runProject(name) })),
];
const sum = (field) => results.reduce((total, result) => total + result[field], 0);
const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];

console.log();
for (const result of results.filter((each) => each.failed > 0)) console.log(`failed: ${result.name}`);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;

import fs from 'node:fs/promises';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { withBench } from './bench.ts';
import { describeMachine } from './machine.ts';
import { plans, type Plan } from './plan.ts';
import { buildPrograms } from './processes.ts';
import { writeProfiles } from './profile.ts';
import { resultsPage, tableOf } from './report.ts';
import type { Row } from './row.ts';
import type { Bench } from './scenario.ts';
import { scenarios } from './scenarios/registry.ts';

const usage = `npm run bench -- [smoke|quick|full|profile] [--only NAME,…] [--directory PATH]
  full        every scenario, at length (the default)
  quick       every scenario, in less than three minutes
  smoke       every scenario for a moment: whether all is answered rightly, and no figures worth keeping
  profile     where the hub spends its time, into bench/profiles
  --only      some of ${scenarios.map(({ name }) => name).join(', ')}; then, as in smoke, bench/RESULTS.md stays as it is
  --directory on the disk to measure; default: the system's directory for temporary files`;

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' }, directory: { type: 'string', default: os.tmpdir() } },
  });
  const [name = 'full', ...others] = positionals;
  const only = values.only?.split(',');
  const unknown = only?.find((each) => !scenarios.some((scenario) => scenario.name === each));
  if ((name !== 'profile' && !Object.hasOwn(plans, name)) || others.length > 0 || unknown !== undefined)
    return undefined;
  return { name: name as Plan['name'] | 'profile', only, directory: values.directory };
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function writeResults(bench: Bench, directory: string, only: readonly string[] | undefined): Promise<void> {
  const machine = await describeMachine(directory);
  const rows: Row[] = [];
  try {
    for (const scenario of scenarios) {
      if (only?.includes(scenario.name) ?? true) rows.push(...(await scenario.run(bench)));
    }
  } finally {
    // What was measured until something went wrong took its time too.
    process.stdout.write(await tableOf(rows));
  }
  if (only !== undefined || bench.plan.name === 'smoke') return;
  await fs.writeFile(new URL('RESULTS.md', import.meta.url), await resultsPage({ plan: bench.plan, machine, rows }));
}

const given = readArguments();
if (given === undefined) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
} else {
  try {
    await buildPrograms();
    const { name, directory, only } = given;
    const plan = plans[name === 'profile' ? 'full' : name];
    await withBench({ plan, directory, progress }, (bench) =>
      name === 'profile' ? writeProfiles(bench) : writeResults(bench, directory, only),
    );
  } catch (error) {
    process.stderr.write(`no figures: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

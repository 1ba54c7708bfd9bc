import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.ts';
import { plans, type Plan } from './plan.ts';
import { buildPrograms } from './processes.ts';
import { writeProfiles } from './profile.ts';
import { resultsPage, tableOf } from './report.ts';
import type { Row } from './row.ts';
import type { Bench } from './scenario.ts';
import { endToEnd } from './scenarios/end-to-end.ts';
import { fanOut } from './scenarios/fan-out.ts';
import { http } from './scenarios/http.ts';
import { stalledSubscriber } from './scenarios/stalled-subscriber.ts';
import { tcpLatency } from './scenarios/tcp-latency.ts';
import { tcpThroughput } from './scenarios/tcp-throughput.ts';
import { webSocket } from './scenarios/web-socket.ts';

/** In the order in which they run and stand in the results. A new one is its file and its place here. */
const scenarios = [tcpThroughput, tcpLatency, http, webSocket, endToEnd, fanOut, stalledSubscriber];

const usage = `npm run bench -- [quick|full|profile] [--only NAME,…] [--directory PATH]
  full        every scenario, at length (the default)
  quick       every scenario, in less than three minutes
  profile     where the hub spends its time, into bench/profiles
  --only      some of ${scenarios.map(({ name }) => name).join(', ')}; bench/RESULTS.md stays as it is
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

function benchIn(directory: string, plan: Plan): Bench {
  return {
    plan,
    progress: (text) => {
      process.stderr.write(`${text}\n`);
    },
    withDirectory: async (use) => {
      const made = await fs.mkdtemp(path.join(directory, 'alert-hub-bench-'));
      try {
        return await use(made);
      } finally {
        await fs.rm(made, { recursive: true, force: true });
      }
    },
  };
}

async function writeResults(bench: Bench, directory: string, only: readonly string[] | undefined): Promise<void> {
  const machine = await describeMachine(directory);
  const rows: Row[] = [];
  for (const scenario of scenarios) {
    if (only?.includes(scenario.name) ?? true) rows.push(...(await scenario.run(bench)));
  }
  process.stdout.write(await tableOf(rows));
  if (only !== undefined) return;
  await fs.writeFile(new URL('RESULTS.md', import.meta.url), await resultsPage({ plan: bench.plan, machine, rows }));
}

const given = readArguments();
if (given === undefined) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
} else {
  try {
    await buildPrograms();
    const bench = benchIn(given.directory, plans[given.name === 'profile' ? 'full' : given.name]);
    if (given.name === 'profile') await writeProfiles(bench);
    else await writeResults(bench, given.directory, given.only);
  } catch (error) {
    process.stderr.write(`no figures: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { residentBytes } from '../../test/support/process-memory.ts';
import { withBareNode } from '../bare-node.ts';
import { copyLog } from '../filled-log.ts';
import { withHub } from '../hub-process.ts';
import { requireConnections } from '../open-files.ts';
import type { Plan } from '../plan.ts';
import { measure } from '../processes.ts';
import { atMost, atMostRatio, type Row } from '../row.ts';
import { repeat, type Bench, type Scenario } from '../scenario.ts';
import { percentile } from '../stats.ts';
import { crowdLoad, crowdText } from './fan-out.ts';

const sampleEveryMs = 50;
/** In less time caches are still being filled. */
const isFlatAfterSeconds = 60;

export const memory: Scenario = {
  name: 'memory',
  run: async (bench) => {
    const { plan } = bench;
    const idle = await repeat(plan.sidePairs, (index) => runIdle(bench, index));
    const { node, samples } = await runLoaded(bench);
    const quarter = (index: number) =>
      percentile(samples.slice((index * samples.length) / 4, ((index + 1) * samples.length) / 4), 0.5);
    const common = { unit: 'MB', beside: 'a Node that does nothing' } as const;
    const scenario = `${crowdText(plan.crowds[0])} for ${String(plan.memorySeconds)} s, ${largestLog(bench).toLocaleString('en')} events in the log`;
    return [
      {
        ...common,
        scenario: `Nothing to do for ${String(plan.idleSeconds)} s`,
        figure: 'memory of its own',
        pairs: idle,
        goals: [atMost(80, 'MB')],
      },
      {
        ...common,
        scenario,
        figure: 'memory of its own, at most',
        pairs: [{ hub: Math.max(...samples), beside: node }],
        goals: [atMost(250, 'MB')],
      },
      {
        ...common,
        scenario,
        figure: 'memory of its own in the last quarter',
        beside: 'the same in the second quarter',
        pairs: [{ hub: quarter(3), beside: quarter(1) }],
        goals: plan.memorySeconds < isFlatAfterSeconds ? [] : [atMostRatio(1.1)],
      },
    ] satisfies Row[];
  },
};

function runIdle({ plan, withDirectory, progress }: Bench, index: number) {
  return withDirectory(async (directory) => {
    progress(`memory, nothing to do: ${String(index + 1)} of ${String(plan.sidePairs)}`);
    const beside = await bareMegabytes(plan);
    return withHub(path.join(directory, 'hub'), async ({ pid }) => {
      await setTimeout(plan.idleSeconds * 1000);
      return { hub: megabytesOf(pid), beside, events: 0 };
    });
  });
}

function runLoaded(bench: Bench) {
  const { plan, withDirectory, filledLog, progress } = bench;
  const [crowd] = plan.crowds;
  requireConnections(crowd.subscribers);
  return withDirectory(async (directory) => {
    const dataDir = path.join(directory, 'hub');
    await copyLog(await filledLog(largestLog(bench)), dataDir);
    progress(`memory under load for ${String(plan.memorySeconds)} s`);
    const node = await bareMegabytes(plan);
    return withHub(dataDir, async ({ pid, head, httpPort }) => {
      const load = { ...crowdLoad(plan, crowd, httpPort, 1), head, seconds: plan.memorySeconds };
      const running = measure('fanOutLoad', load);
      const samples = await sampleWhile(pid, running);
      return { node, samples, events: (await running).events };
    });
  });
}

function bareMegabytes({ idleSeconds }: Plan): Promise<number> {
  return withBareNode((pid) => setTimeout(idleSeconds * 1000).then(() => megabytesOf(pid)));
}

function largestLog({ plan }: Bench): number {
  return Math.max(...plan.logSizes);
}

/** The memory that the process has, again and again until `work` is done. */
async function sampleWhile(pid: number, work: Promise<unknown>): Promise<readonly number[]> {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(megabytesOf(pid)), sampleEveryMs);
  try {
    await work;
  } finally {
    clearInterval(timer);
  }
  return [...samples, megabytesOf(pid)];
}

/** What is in no file; NaN where the system does not tell. */
function megabytesOf(pid: number): number {
  try {
    return residentBytes(pid, 'RssAnon') / 1_000_000;
  } catch {
    return NaN;
  }
}

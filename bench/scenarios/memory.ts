import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { residentBytes } from '../../test/support/process-memory.ts';
import { withBareNode } from '../bare-node.ts';
import { withHub } from '../hub-process.ts';
import { requireConnections } from '../open-files.ts';
import { sidePlan } from '../plan.ts';
import { measure } from '../processes.ts';
import { atMost, type Row } from '../row.ts';
import { repeat, type Bench, type Scenario } from '../scenario.ts';
import { crowdLoad, crowdText } from './fan-out.ts';

const sampleEveryMs = 50;

export const memory: Scenario = {
  name: 'memory',
  run: async (bench) => {
    const plan = sidePlan(bench.plan);
    const pairs = await repeat(plan.pairs, (index) => runPair({ ...bench, plan }, index));
    const common = { unit: 'MB', beside: 'a Node that does nothing' } as const;
    return [
      {
        ...common,
        scenario: `Nothing to do for ${String(plan.idleSeconds)} s`,
        figure: 'memory of its own',
        pairs: pairs.map(({ node, idle }) => ({ hub: idle, beside: node })),
        goals: [atMost(80, 'MB')],
      },
      {
        ...common,
        scenario: crowdText(plan.crowds[0]),
        figure: 'memory of its own, at most',
        pairs: pairs.map(({ node, loaded }) => ({ hub: loaded, beside: node })),
        goals: [atMost(250, 'MB')],
      },
    ] satisfies Row[];
  },
};

function runPair({ plan, withDirectory, progress }: Bench, index: number) {
  const [crowd] = plan.crowds;
  requireConnections(crowd.subscribers);
  return withDirectory(async (directory) => {
    progress(`memory: ${String(index + 1)} of ${String(plan.pairs)}`);
    const idleMs = plan.idleSeconds * 1000;
    const node = await withBareNode((pid) => setTimeout(idleMs).then(() => megabytesOf(pid)));
    return withHub(path.join(directory, 'hub'), async (hub) => {
      await setTimeout(idleMs);
      const idle = megabytesOf(hub.pid);
      const load = measure('fanOutLoad', crowdLoad(plan, crowd, hub.httpPort, index + 1));
      const loaded = await mostWhile(hub.pid, load);
      return { node, idle, loaded, events: (await load).events };
    });
  });
}

/** The most memory that the process has until `work` is done. */
async function mostWhile(pid: number, work: Promise<unknown>): Promise<number> {
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, megabytesOf(pid))), sampleEveryMs);
  try {
    await work;
  } finally {
    clearInterval(timer);
  }
  return Math.max(most, megabytesOf(pid));
}

/** What is in no file; NaN where the system does not tell. */
function megabytesOf(pid: number): number {
  try {
    return residentBytes(pid, 'RssAnon') / 1_000_000;
  } catch {
    return NaN;
  }
}

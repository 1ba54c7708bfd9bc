import path from 'node:path';
import { bareNodeMs } from '../bare-node.ts';
import { copyLog } from '../filled-log.ts';
import { withHub, type HubProcess } from '../hub-process.ts';
import { sidePlan, type Plan } from '../plan.ts';
import { measure } from '../processes.ts';
import { atMost, atMostOver, type Row } from '../row.ts';
import { repeat, type Bench, type Scenario } from '../scenario.ts';
import { windowedLoad } from './tcp-throughput.ts';

export const start: Scenario = {
  name: 'start',
  run: async (bench) => {
    const rows: Row[] = [];
    const side = { ...bench, plan: sidePlan(bench.plan) };
    for (const size of side.plan.logSizes) {
      const pairs = await runPairs(side, size);
      const common = {
        scenario: `Start with ${size.toLocaleString('en')} events in the log`,
        unit: 'ms',
        beside: 'node -e 0, until it has ended',
      } as const;
      rows.push(
        {
          ...common,
          figure: 'ready after, when it was stopped',
          pairs: pairs.map(({ node, stopped }) => ({ hub: stopped, beside: node })),
          goals: [atMostOver(500)],
        },
        {
          ...common,
          figure: 'ready after, when it was killed',
          pairs: pairs.map(({ node, killed }) => ({ hub: killed, beside: node })),
          goals: [atMost(3_000)],
        },
      );
    }
    return rows;
  },
};

/** All on one copy: each finds what the one before has left, with a little more in the log. */
function runPairs({ plan, withDirectory, filledLog, progress }: Bench, size: number) {
  return withDirectory(async (directory) => {
    const dataDir = path.join(directory, 'hub');
    await copyLog(await filledLog(size), dataDir);
    return repeat(plan.pairs, async (index) => {
      progress(`start with a large log: ${String(index + 1)} of ${String(plan.pairs)}`);
      const node = await bareNodeMs();
      const stopped = await withHub(dataDir, (hub) => loaded(hub, plan, index + 1), { end: 'SIGKILL' });
      const killed = await withHub(dataDir, (hub) => Promise.resolve({ ...hub, events: 0 }));
      const expected = stopped.head + stopped.events;
      if (killed.head !== expected)
        throw new Error(`the log should end at ${String(expected)} after the kill, but ends at ${String(killed.head)}`);
      return { node, stopped: stopped.readyAfter, killed: killed.readyAfter };
    });
  });
}

/** The hub as it was when it was ready, and how many events it has recorded since. */
async function loaded(hub: HubProcess, plan: Plan, seed: number) {
  const { events } = await measure('tcpLoad', windowedLoad(plan, hub.tcpPort, seed));
  return { ...hub, events };
}

import path from 'node:path';
import { copyLog } from '../filled-log.ts';
import type { LoadResult } from '../load/tally.ts';
import type { WindowedLoad } from '../load/windowed-load.ts';
import { sidePlan, type Plan } from '../plan.ts';
import { measure } from '../processes.ts';
import { atLeastRatio, type Row } from '../row.ts';
import { repeat, type Bench, type Scenario } from '../scenario.ts';
import { loadHub } from './hub-load.ts';
import { manyConnections, singleLoad } from './tcp-latency.ts';
import { windowedLoad } from './tcp-throughput.ts';

interface GrowthLoad {
  readonly scenario: string;
  readonly loadOn: (plan: Plan, port: number, seed: number) => WindowedLoad;
}

const loads: readonly GrowthLoad[] = [
  {
    scenario: 'TCP, 16 connections, window 256',
    loadOn: windowedLoad,
  },
  {
    scenario: `TCP, one event under way on each of ${String(manyConnections)} connections`,
    loadOn: (plan, port, seed) => singleLoad(plan, port, manyConnections, seed),
  },
];

/** What the hub costs with a large log right after its start: while it looks through the whole of it behind its own back. */
export const growth: Scenario = {
  name: 'growth',
  run: async (bench) => {
    const rows: Row[] = [];
    const side = { ...bench, plan: sidePlan(bench.plan) };
    for (const size of side.plan.logSizes) {
      for (const load of loads) {
        const pairs = await repeat(side.plan.pairs, (index) => runPair(side, load, size, index));
        rows.push({
          scenario: `${load.scenario}, ${size.toLocaleString('en')} events in the log`,
          figure: 'acknowledged events',
          unit: 'events/s',
          beside: 'the same with an empty log',
          pairs: pairs.map(({ filled, empty }) => ({ hub: filled.perSecond, beside: empty.perSecond })),
          goals: [atLeastRatio(0.9)],
        });
      }
    }
    return rows;
  },
};

function runPair(bench: Bench, { scenario, loadOn }: GrowthLoad, size: number, index: number) {
  const { plan, withDirectory, filledLog, progress } = bench;
  return withDirectory(async (directory) => {
    const filledDir = path.join(directory, 'filled');
    await copyLog(await filledLog(size), filledDir);
    progress(`${scenario}, a large log: ${String(index + 1)} of ${String(plan.pairs)}`);
    const loaded = (dataDir: string): Promise<LoadResult> =>
      loadHub(dataDir, ({ tcpPort }) => measure('tcpLoad', loadOn(plan, tcpPort, index + 1)));
    return { empty: await loaded(path.join(directory, 'empty')), filled: await loaded(filledDir) };
  });
}

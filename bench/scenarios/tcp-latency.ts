import path from 'node:path';
import type { TcpLoad } from '../load/tcp-load.ts';
import type { Plan } from '../plan.ts';
import { measure } from '../processes.ts';
import { atMostOver, type Goal, type Row } from '../row.ts';
import { repeat, type Bench, type Scenario } from '../scenario.ts';
import { loadHub } from './hub-load.ts';

const beside = 'one write and fdatasync of 4 KiB on the same disk';
/** More than can be answered in one run with one under way, and little enough to be made at once. */
const eventsPerConnection = 20_000;

export const tcpLatency: Scenario = {
  name: 'latency',
  run: async (bench) => {
    const rows: Row[] = [];
    for (const connections of [1, 64]) {
      const pairs = await repeat(bench.plan.pairs, (index) => runPair(bench, connections, index));
      const scenario = `TCP, one event under way on ${connections === 1 ? 'one connection' : `each of ${String(connections)} connections`}`;
      const row = (figure: 'p50' | 'p99', goals: readonly Goal[]): Row => ({
        scenario,
        figure: `acknowledged after, ${figure}`,
        unit: 'ms',
        beside,
        pairs: pairs.map(({ hub, fsync }) => ({ hub: hub[figure], beside: fsync[figure] })),
        goals,
      });
      rows.push(row('p50', [atMostOver(0.3)]), row('p99', [atMostOver(3)]));
    }
    return rows;
  },
};

/** Producers that send the next event when the last one is answered. */
export function singleLoad(plan: Plan, port: number, connections: number, seed: number): TcpLoad {
  const { seconds, warmUpSeconds } = plan;
  const events = Math.min(plan.events, connections * eventsPerConnection);
  return { port, connections, window: 1, events, seconds, warmUpSeconds, seed };
}

function runPair({ plan, withDirectory, progress }: Bench, connections: number, index: number) {
  return withDirectory(async (directory) => {
    progress(`TCP, one under way, connections ${String(connections)}: ${String(index + 1)} of ${String(plan.pairs)}`);
    const fsync = await measure('fsyncCeiling', { directory, seconds: plan.warmUpSeconds });
    const hub = await loadHub(path.join(directory, 'hub'), ({ tcpPort }) =>
      measure('tcpLoad', singleLoad(plan, tcpPort, connections, index + 1)),
    );
    return { fsync, hub };
  });
}

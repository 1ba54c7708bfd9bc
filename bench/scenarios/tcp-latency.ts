import path from 'node:path';
import type { FsyncResult } from '../ceilings/fsync.ts';
import type { LoadResult } from '../load/tally.ts';
import type { WindowedLoad } from '../load/windowed-load.ts';
import type { Plan } from '../plan.ts';
import { measure } from '../processes.ts';
import { atLeastRatio, atMostOver, type Goal, type Row } from '../row.ts';
import { repeat, type Bench, type Scenario } from '../scenario.ts';
import { loadRedis, pairsWithRedis, redis } from './beside-redis.ts';
import { loadHub } from './hub-load.ts';

export const manyConnections = 64;
/** More than can be answered in one run with one under way, and little enough to be made at once. */
const eventsPerConnection = 20_000;

export const tcpLatency: Scenario = {
  name: 'latency',
  run: async (bench) => {
    const { pairs } = bench.plan;
    const alone = await repeat(pairs, (index) => runPair(bench, 1, index));
    const many = await repeat(pairs, async (index) => ({
      ...(await runPair(bench, manyConnections, index)),
      redis: await runRedis(bench, index),
    }));
    const scenario = 'TCP, one event under way on';
    const scenarioOfMany = `${scenario} each of ${String(manyConnections)} connections`;
    return [
      ...latencies(`${scenario} one connection`, alone),
      ...latencies(scenarioOfMany, many),
      {
        scenario: scenarioOfMany,
        figure: 'acknowledged events',
        unit: 'events/s',
        beside: `${redis}, as many clients`,
        pairs: pairsWithRedis(many),
        goals: [atLeastRatio(1)],
      },
    ] satisfies Row[];
  },
};

interface LatencyPair {
  readonly hub: LoadResult;
  readonly fsync: FsyncResult;
}

function latencies(scenario: string, pairs: readonly LatencyPair[]): readonly Row[] {
  const row = (figure: 'p50' | 'p99', goal: Goal): Row => ({
    scenario,
    figure: `acknowledged after, ${figure}`,
    unit: 'ms',
    beside: 'one write and fdatasync of 4 KiB on the same disk',
    pairs: pairs.map(({ hub, fsync }) => ({ hub: hub[figure], beside: fsync[figure] })),
    goals: [goal],
  });
  return [row('p50', atMostOver(0.3)), row('p99', atMostOver(3))];
}

/** Producers that send the next event when the last one is answered. */
export function singleLoad(plan: Plan, port: number, connections: number, seed: number): WindowedLoad {
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

function runRedis({ plan, withDirectory }: Bench, index: number) {
  return withDirectory((directory) =>
    loadRedis(directory, (port) => singleLoad(plan, port, manyConnections, index + 1)),
  );
}

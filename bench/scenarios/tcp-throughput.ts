import path from 'node:path';
import type { WindowedLoad } from '../load/windowed-load.ts';
import { measure, start } from '../processes.ts';
import type { Plan } from '../plan.ts';
import { atLeast, atLeastRatio, type Row } from '../row.ts';
import { repeat, type Bench, type Scenario } from '../scenario.ts';
import { loadRedis, pairsWithRedis, redis } from './beside-redis.ts';
import { loadHub } from './hub-load.ts';

const rowsPerTransaction = 4_096;
const beside = 'bare better-sqlite3: same table, unique ids, same rows, FULL, transactions of 4,096';
const scenario = 'TCP, 16 connections, window 256';

/** 16 producers that keep 256 events each under way. */
export function windowedLoad(plan: Plan, port: number, seed: number): WindowedLoad {
  const { events, seconds, warmUpSeconds } = plan;
  return { port, connections: 16, window: 256, events, seconds, warmUpSeconds, seed };
}

export const tcpThroughput: Scenario = {
  name: 'tcp',
  run: async (bench) => {
    const generator = await generatorAlone(bench);
    const pairs = await repeat(bench.plan.pairs, (index) => runPair(bench, index));
    const common = { scenario, beside };
    return [
      {
        ...common,
        figure: 'acknowledged events',
        unit: 'events/s',
        pairs: pairs.map(({ hub, sqlite }) => ({ hub: hub.perSecond, beside: sqlite.perSecond })),
        goals: [atLeast(60_000), atLeastRatio(0.8)],
      },
      {
        ...common,
        beside: `${redis}, 16 clients, pipeline 256`,
        figure: 'acknowledged events',
        unit: 'events/s',
        pairs: pairsWithRedis(pairs),
        goals: [atLeastRatio(1)],
      },
      {
        ...common,
        figure: 'the same beside what the load alone can do',
        beside: 'bare TCP server that answers each line',
        unit: 'events/s',
        pairs: pairs.map(({ hub }) => ({ hub: hub.perSecond, beside: generator })),
        goals: [],
      },
      {
        ...common,
        figure: 'processor time',
        unit: 'CPU s per million',
        pairs: pairs.map(({ hub, sqlite }) => ({ hub: hub.cpuSecondsPerMillion, beside: sqlite.cpuSecondsPerMillion })),
        goals: [],
      },
    ] satisfies Row[];
  },
};

async function generatorAlone({ plan, progress }: Bench): Promise<number> {
  progress(`${scenario}: the load alone`);
  const { result, stop } = await start('tcpEcho');
  const { perSecond } = await measure('tcpLoad', windowedLoad(plan, result.port, 1));
  await stop();
  return perSecond;
}

/** The hub comes first: the ceiling inserts the rows that it has made. */
function runPair({ plan, withDirectory, progress }: Bench, index: number) {
  return withDirectory(async (directory) => {
    const [rowsOf, dataDir] = [path.join(directory, 'hub'), path.join(directory, 'sqlite')];
    progress(`${scenario}: ${String(index + 1)} of ${String(plan.pairs)}`);
    const hub = await loadHub(rowsOf, (running) => measure('tcpLoad', windowedLoad(plan, running.tcpPort, index + 1)));
    const { warmUpSeconds } = plan;
    const ceiling = { rowsOf, dataDir, rowsPerTransaction: Math.min(rowsPerTransaction, plan.events / 8) };
    const sqlite = await measure('sqliteCeiling', { ...ceiling, warmUpSeconds });
    if (sqlite.rows !== hub.events)
      throw new Error(`the ceiling has ${String(sqlite.rows)} of ${String(hub.events)} rows`);
    return { hub, sqlite, redis: await loadRedis(directory, (port) => windowedLoad(plan, port, index + 1)) };
  });
}

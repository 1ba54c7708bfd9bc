import path from 'node:path';
import { requireConnections } from '../open-files.ts';
import type { FanOutLoad } from '../load/fan-out.ts';
import type { Crowd, Plan } from '../plan.ts';
import { measure, start } from '../processes.ts';
import { atLeastRatio, atMostRatio, type Row } from '../row.ts';
import { repeat, type Bench, type Scenario } from '../scenario.ts';
import { loadHub } from './hub-load.ts';

const beside = 'bare uWebSockets.js: publishes the same frames';

export const fanOut: Scenario = {
  name: 'fan-out',
  run: async (bench) => {
    const rows: Row[] = [];
    for (const crowd of bench.plan.crowds) {
      const pairs = await repeat(bench.plan.fanOutPairs, (index) => runPair(bench, crowd, index));
      const common = { scenario: crowdText(crowd), beside } as const;
      const last = (figure: 'lastP50' | 'lastP99') =>
        pairs.map(({ hub, bare }) => ({ hub: hub[figure], beside: bare[figure] }));
      rows.push(
        {
          ...common,
          figure: 'deliveries',
          unit: 'events/s',
          pairs: pairs.map(({ hub, bare }) => ({ hub: hub.perSecond, beside: bare.perSecond })),
          goals: [atLeastRatio(0.9)],
        },
        {
          ...common,
          figure: 'last subscriber after, p50',
          unit: 'ms',
          pairs: last('lastP50'),
          goals: [atMostRatio(1.3)],
        },
        { ...common, figure: 'last subscriber after, p99', unit: 'ms', pairs: last('lastP99'), goals: [] },
      );
    }
    return rows;
  },
};

export function crowdText({ subscribers, eventsPerSecond }: Crowd): string {
  return `${subscribers.toLocaleString('en')} WebSocket subscribers, ${String(eventsPerSecond)} events/s`;
}

/** All of whom read, from a log that is empty. */
export function crowdLoad(plan: Plan, crowd: Crowd, port: number, seed: number): FanOutLoad {
  const { fanOutSeconds: seconds, warmUpSeconds } = plan;
  return { ...crowd, port, head: 0, isOneStalled: false, history: 0, seconds, warmUpSeconds, seed };
}

function runPair({ plan, withDirectory, progress }: Bench, crowd: Crowd, index: number) {
  requireConnections(crowd.subscribers);
  progress(`${crowdText(crowd)}: ${String(index + 1)} of ${String(plan.fanOutPairs)}`);
  const load = (port: number) => measure('fanOutLoad', crowdLoad(plan, crowd, port, index + 1));
  return withDirectory(async (directory) => {
    const server = await start('uwsFanOut');
    const bare = await load(server.result.port);
    await server.stop();
    const hub = await loadHub(path.join(directory, 'hub'), ({ httpPort }) => load(httpPort));
    return { bare, hub };
  });
}

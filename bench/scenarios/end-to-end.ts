import path from 'node:path';
import { measure } from '../processes.ts';
import { atMost, atMostOver, type Row } from '../row.ts';
import { repeat, type Bench, type Scenario } from '../scenario.ts';
import { loadHub } from './hub-load.ts';

const eventsPerSecond = 1_000;

export const endToEnd: Scenario = {
  name: 'end-to-end',
  run: async (bench) => {
    const pairs = await repeat(bench.plan.endToEndPairs, (index) => runPair(bench, index));
    const row = (figure: 'p50' | 'p99') => ({
      scenario: 'TCP in, WebSocket out, 1,000 events/s',
      figure: `delivered after, ${figure}`,
      unit: 'ms' as const,
      beside: 'one write and fdatasync of 4 KiB on the same disk',
      pairs: pairs.map(({ hub, fsync }) => ({ hub: hub[figure], beside: fsync[figure] })),
    });
    return [
      { ...row('p50'), goals: [atMostOver(1)] },
      { ...row('p99'), goals: [atMost(10)] },
    ] satisfies Row[];
  },
};

function runPair({ plan, withDirectory, progress }: Bench, index: number) {
  return withDirectory(async (directory) => {
    progress(`end to end: ${String(index + 1)} of ${String(plan.endToEndPairs)}`);
    const fsync = await measure('fsyncCeiling', { directory, seconds: plan.warmUpSeconds });
    const hub = await loadHub(path.join(directory, 'hub'), ({ tcpPort, httpPort, head }) => {
      const { endToEndSeconds: seconds, warmUpSeconds } = plan;
      const pace = { eventsPerSecond, seconds, warmUpSeconds, seed: index + 1 };
      return measure('endToEndLoad', { tcpPort, httpPort, head, ...pace });
    });
    return { fsync, hub };
  });
}

import path from 'node:path';
import { requireConnections } from '../open-files.ts';
import { measure } from '../processes.ts';
import { atMostRatio, type Row } from '../row.ts';
import { repeat, type Bench, type Scenario } from '../scenario.ts';
import { crowdLoad, crowdText } from './fan-out.ts';
import { loadHub } from './hub-load.ts';

/** About 12 MB of frames: more than connections have room for, so that the one that reads nothing is held up in the hub. */
const history = 30_000;

export const stalledSubscriber: Scenario = {
  name: 'stalled',
  run: async (bench) => {
    const pairs = await repeat(bench.plan.fanOutPairs, (index) => runPair(bench, index));
    const [crowd] = bench.plan.crowds;
    const row = (figure: 'p50' | 'p99') => ({
      scenario: `${crowdText(crowd)}, one of them stalled`,
      figure: `delivered to the others after, ${figure}`,
      unit: 'ms' as const,
      beside: 'this hub, none of them stalled',
      pairs: pairs.map(({ stalled, none }) => ({ hub: stalled[figure], beside: none[figure] })),
    });
    return [
      { ...row('p50'), goals: [] },
      { ...row('p99'), goals: [atMostRatio(1.1)] },
    ] satisfies Row[];
  },
};

function runPair({ plan, withDirectory, progress }: Bench, index: number) {
  const [crowd] = plan.crowds;
  requireConnections(crowd.subscribers);
  progress(`one stalled subscriber: ${String(index + 1)} of ${String(plan.fanOutPairs)}`);
  const run = (directory: string, isOneStalled: boolean) =>
    loadHub(directory, ({ httpPort }) =>
      measure('fanOutLoad', { ...crowdLoad(plan, crowd, httpPort, index + 1), isOneStalled, history }),
    );
  return withDirectory(async (directory) => {
    const none = await run(path.join(directory, 'none'), false);
    const stalled = await run(path.join(directory, 'stalled'), true);
    return { none, stalled };
  });
}

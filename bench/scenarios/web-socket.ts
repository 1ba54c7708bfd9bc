import path from 'node:path';
import { sidePlan } from '../plan.ts';
import { measure } from '../processes.ts';
import type { Row } from '../row.ts';
import { repeat, type Bench, type Scenario } from '../scenario.ts';
import { loadHub } from './hub-load.ts';
import { windowedLoad } from './tcp-throughput.ts';

export const webSocket: Scenario = {
  name: 'websocket',
  run: async (bench) => {
    const side = { ...bench, plan: sidePlan(bench.plan) };
    const pairs = await repeat(side.plan.pairs, (index) => runPair(side, index));
    const common = {
      scenario: 'WebSocket, 16 connections, window 256, one event a frame',
      beside: 'this hub over TCP, 16 connections, window 256',
      goals: [],
    };
    return [
      {
        ...common,
        figure: 'acknowledged events',
        unit: 'events/s',
        pairs: pairs.map(({ ws, tcp }) => ({ hub: ws.perSecond, beside: tcp.perSecond })),
      },
      {
        ...common,
        figure: 'processor time',
        unit: 'CPU s per million',
        pairs: pairs.map(({ ws, tcp }) => ({ hub: ws.cpuSecondsPerMillion, beside: tcp.cpuSecondsPerMillion })),
      },
    ] satisfies Row[];
  },
};

function runPair({ plan, withDirectory, progress }: Bench, index: number) {
  return withDirectory(async (directory) => {
    progress(`WebSocket: ${String(index + 1)} of ${String(plan.pairs)}`);
    const tcp = await loadHub(path.join(directory, 'tcp'), ({ tcpPort }) =>
      measure('tcpLoad', windowedLoad(plan, tcpPort, index + 1)),
    );
    const ws = await loadHub(path.join(directory, 'ws'), ({ httpPort }) =>
      measure('wsLoad', windowedLoad(plan, httpPort, index + 1)),
    );
    return { tcp, ws };
  });
}

import path from 'node:path';
import { copyLog } from '../filled-log.ts';
import { withHub, type HubProcess } from '../hub-process.ts';
import { sidePlan } from '../plan.ts';
import { measure, start } from '../processes.ts';
import { atLeastRatio, atMostRatio, type Row } from '../row.ts';
import { repeat, type Bench, type Scenario } from '../scenario.ts';

const eventsPerSecond = 1_000;

export const history: Scenario = {
  name: 'history',
  run: async (bench) => {
    const plan = sidePlan(bench.plan);
    const side = { ...bench, plan };
    const exports = await repeat(plan.pairs, (index) => runExport(side, index));
    const live = await repeat(plan.pairs, (index) => runCatchUp(side, index));
    const common = {
      scenario: `NDJSON export of ${plan.exportedEvents.toLocaleString('en')} events`,
      figure: 'exported events',
      unit: 'events/s',
    } as const;
    return [
      {
        ...common,
        beside: 'bare better-sqlite3: iterates over the same rows, JSON.stringify, node:http',
        pairs: exports.map(({ hub, stringified }) => ({ hub: hub.perSecond, beside: stringified.perSecond })),
        goals: [atLeastRatio(0.7)],
      },
      {
        ...common,
        beside: 'the same without JSON.stringify: the text as it lies in the row',
        pairs: exports.map(({ hub, stored }) => ({ hub: hub.perSecond, beside: stored.perSecond })),
        goals: [],
      },
      {
        scenario: `TCP in, WebSocket out, ${eventsPerSecond.toLocaleString('en')} events/s, while ${String(plan.catchingUp)} subscribers read ${plan.catchUpEvents.toLocaleString('en')} events each, again and again`,
        figure: 'delivered after, p99',
        unit: 'ms',
        beside: 'the same hub right before, without them',
        pairs: live.map(({ reading, alone }) => ({ hub: reading.p99, beside: alone.p99 })),
        goals: [atMostRatio(2)],
      },
    ] satisfies Row[];
  },
};

async function runExport({ plan, filledLog, progress }: Bench, index: number) {
  const events = plan.exportedEvents;
  const dataDir = await filledLog(plan.logSizes[0] ?? events);
  progress(`NDJSON export: ${String(index + 1)} of ${String(plan.pairs)}`);
  const exported = (port: number) => measure('exportLoad', { port, events, warmUpSeconds: plan.warmUpSeconds });
  const bare = async (lines: 'stringified' | 'stored') => {
    const server = await start('sqliteExport', { dataDir, events, lines });
    const result = await exported(server.result.port);
    await server.stop();
    return result;
  };
  const [stringified, stored] = [await bare('stringified'), await bare('stored')];
  const hub = await withHub(dataDir, async ({ httpPort }) => ({ ...(await exported(httpPort)), events: 0 }));
  if (hub.bytes !== stored.bytes)
    throw new Error(`the rows hold ${String(stored.bytes)} bytes, but the hub sent ${String(hub.bytes)}`);
  return { stringified, stored, hub };
}

function runCatchUp({ plan, withDirectory, filledLog, progress }: Bench, index: number) {
  return withDirectory(async (directory) => {
    const dataDir = path.join(directory, 'hub');
    await copyLog(await filledLog(plan.logSizes[0] ?? 0), dataDir);
    progress(`subscribers that catch up: ${String(index + 1)} of ${String(plan.pairs)}`);
    const { seconds, warmUpSeconds } = plan;
    const load = ({ tcpPort, httpPort }: HubProcess, head: number, seed: number) =>
      measure('endToEndLoad', { tcpPort, httpPort, eventsPerSecond, seconds, warmUpSeconds, seed, head });
    return withHub(dataDir, async (hub) => {
      const { head, httpPort: port } = hub;
      const alone = await load(hub, head, 2 * index + 1);
      const range = { after: head - plan.catchUpEvents, through: head };
      const [reading] = await Promise.all([
        load(hub, head + alone.events, 2 * index + 2),
        measure('subscribersLoad', { port, subscribers: plan.catchingUp, ...range, seconds }),
      ]);
      return { alone, reading, events: alone.events + reading.events };
    });
  });
}

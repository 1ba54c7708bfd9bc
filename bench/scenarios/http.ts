import path from 'node:path';
import { withCpuTime, type CostedResult } from '../cpu-time.ts';
import type { HttpLoad } from '../load/http-load.ts';
import type { LoadResult } from '../load/tally.ts';
import type { Plan } from '../plan.ts';
import { measure, start } from '../processes.ts';
import { atLeastRatio, type Row } from '../row.ts';
import { repeat, type Bench, type Scenario } from '../scenario.ts';
import { loadHub } from './hub-load.ts';
import { windowedLoad } from './tcp-throughput.ts';

const connections = 64;
const largestBody = 1_000;
/** A request for each event takes so much longer that a run needs fewer of them. */
const shareOfSinglePosts = 2;
const bareServer = 'bare uWebSockets.js: parses the same JSON and answers';

export const http: Scenario = {
  name: 'http',
  run: async (bench) => {
    // Little as there may be to send, each client has a body.
    const eventsPerBody = Math.min(largestBody, Math.ceil(bench.plan.events / connections));
    const single = await repeat(bench.plan.pairs, (index) => runPair(bench, 1, index));
    const bodies = await repeat(bench.plan.pairs, async (index) => ({
      ...(await runPair(bench, eventsPerBody, index)),
      tcp: await runTcp(bench, index),
    }));
    const common = { figure: 'acknowledged events', unit: 'events/s' } as const;
    const cpu = { figure: 'processor time', unit: 'CPU s per million', goals: [] } as const;
    const one = 'HTTP, 64 connections, one event a POST';
    const many = 'HTTP, 64 connections, NDJSON bodies of 1,000';
    return [
      { ...common, scenario: one, beside: bareServer, pairs: bySpeed(single), goals: [atLeastRatio(0.7)] },
      { ...cpu, scenario: one, beside: bareServer, pairs: byCpu(single) },
      { ...common, scenario: many, beside: bareServer, pairs: bySpeed(bodies), goals: [] },
      {
        ...common,
        scenario: many,
        beside: 'this hub over TCP, 16 connections, window 256',
        pairs: bodies.map(({ hub, tcp }) => ({ hub: hub.perSecond, beside: tcp.perSecond })),
        goals: [atLeastRatio(0.8)],
      },
      { ...cpu, scenario: many, beside: bareServer, pairs: byCpu(bodies) },
    ] satisfies Row[];
  },
};

interface HttpPair {
  readonly bare: CostedResult;
  readonly hub: CostedResult;
}

function bySpeed(pairs: readonly HttpPair[]) {
  return pairs.map(({ hub, bare }) => ({ hub: hub.perSecond, beside: bare.perSecond }));
}

function byCpu(pairs: readonly HttpPair[]) {
  return pairs.map(({ hub, bare }) => ({ hub: hub.cpuSecondsPerMillion, beside: bare.cpuSecondsPerMillion }));
}

/** 64 clients that post one body after the other. */
export function postLoad(plan: Plan, port: number, eventsPerPost: number, seed: number): HttpLoad {
  const { seconds, warmUpSeconds } = plan;
  const events = eventsPerPost === 1 ? plan.events / shareOfSinglePosts : plan.events;
  return { port, connections, eventsPerPost, events, seconds, warmUpSeconds, seed };
}

function runPair({ plan, withDirectory, progress }: Bench, eventsPerPost: number, index: number): Promise<HttpPair> {
  progress(`HTTP, ${String(eventsPerPost)} events a POST: ${String(index + 1)} of ${String(plan.pairs)}`);
  const load = (port: number) => measure('httpLoad', postLoad(plan, port, eventsPerPost, index + 1));
  return withDirectory(async (directory) => {
    const server = await start('uwsHttp');
    const bare = await withCpuTime(server.pid, () => load(server.result.port));
    await server.stop();
    const hub = await loadHub(path.join(directory, 'hub'), ({ httpPort }) => load(httpPort));
    return { bare, hub };
  });
}

function runTcp({ plan, withDirectory }: Bench, index: number): Promise<LoadResult> {
  return withDirectory((directory) =>
    loadHub(path.join(directory, 'hub'), ({ tcpPort }) => measure('tcpLoad', windowedLoad(plan, tcpPort, index + 1))),
  );
}

import fs from 'node:fs/promises';
import path from 'node:path';
import { summarizeProfiles } from './cpu-profile.ts';
import type { HubProcess } from './hub-process.ts';
import type { LoadResult } from './load/tally.ts';
import type { Plan } from './plan.ts';
import { measure } from './processes.ts';
import type { Bench } from './scenario.ts';
import { postLoad } from './scenarios/http.ts';
import { loadHub } from './scenarios/hub-load.ts';
import { singleLoad } from './scenarios/tcp-latency.ts';
import { windowedLoad } from './scenarios/tcp-throughput.ts';

interface ProfiledLoad {
  readonly name: string;
  readonly title: string;
  readonly run: (plan: Plan, hub: HubProcess) => Promise<LoadResult>;
}

const loads: readonly ProfiledLoad[] = [
  {
    name: 'tcp-window-256',
    title: 'TCP, 16 connections, window 256',
    run: (plan, { tcpPort }) => measure('tcpLoad', windowedLoad(plan, tcpPort, 1)),
  },
  {
    name: 'tcp-64-connections',
    title: 'TCP, one event under way on each of 64 connections',
    run: (plan, { tcpPort }) => measure('tcpLoad', singleLoad(plan, tcpPort, 64, 1)),
  },
  {
    name: 'http-one-event',
    title: 'HTTP, 64 connections, one event a POST',
    run: (plan, { httpPort }) => measure('httpLoad', postLoad(plan, httpPort, 1, 1)),
  },
];

const directory = new URL('profiles/', import.meta.url);

/** Profiles every thread of a hub under each load and writes where the time went, as text, into `bench/profiles`. */
export async function writeProfiles({ plan, withDirectory, progress }: Bench): Promise<void> {
  await fs.mkdir(directory, { recursive: true });
  for (const { name, title, run } of loads) {
    progress(`profile: ${title}`);
    await withDirectory(async (temporary) => {
      const profiles = path.join(temporary, 'profiles');
      const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${profiles}`, '--cpu-prof-interval=500'];
      const { perSecond } = await loadHub(path.join(temporary, 'hub'), (hub) => run(plan, hub), { nodeOptions });
      const speed = Math.round(perSecond).toLocaleString('en');
      const text = `${title}: ${speed} events/s while profiled\n\n${await summarizeProfiles(profiles)}`;
      await fs.writeFile(new URL(`${name}.txt`, directory), text);
      process.stdout.write(`${text}\n`);
    });
  }
}

import fs from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { measure } from './processes.ts';
import type { Bench } from './scenario.ts';
import { loadHub } from './scenarios/hub-load.ts';
import { windowedLoad } from './scenarios/tcp-throughput.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const functionsShown = 45;

/** A `.cpuprofile`, as far as it is read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
  }[];
  readonly samples: readonly number[];
  /** Microseconds from each sample to the one before. */
  readonly timeDeltas: readonly number[];
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** From 0. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** Profiles each thread of a hub under the windowed TCP load and writes the functions in which most time was spent
 *  themselves, as text. The readers' threads have nothing to do under this load and are left out. */
export async function writeProfiles({ plan, withDirectory, progress }: Bench): Promise<void> {
  progress('TCP, 16 connections, window 256, with a profile');
  await withDirectory(async (directory) => {
    const profiles = path.join(directory, 'profiles');
    const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${profiles}`, '--cpu-prof-interval=500'];
    const { perSecond } = await loadHub(
      path.join(directory, 'hub'),
      ({ tcpPort }) => measure('tcpLoad', windowedLoad(plan, tcpPort, 1)),
      nodeOptions,
    );
    const texts = [];
    for (const file of await fs.readdir(profiles)) {
      const profile = JSON.parse(await fs.readFile(path.join(profiles, file), 'utf8')) as CpuProfile;
      texts.push(await summary(profile));
    }
    const head = `The hub under TCP, 16 connections, window 256: ${Math.round(perSecond).toLocaleString('en')} events/s while profiled.\nTime in the functions themselves, without what they call; idle time left out.\n`;
    const text = [head, ...texts.filter((each) => each !== '').sort()].join('\n');
    await fs.writeFile(new URL('profiles/tcp-window-256.txt', import.meta.url), text);
    process.stdout.write(text);
  });
}

async function summary({ nodes, samples, timeDeltas }: CpuProfile): Promise<string> {
  const maps = new SourceMaps();
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const spent = new Map<string, number>();
  let idle = 0;
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    const took = (timeDeltas[index + 1] ?? 0) / 1000;
    if (frame === undefined) continue;
    if (frame.functionName === '(idle)') {
      idle += took;
      continue;
    }
    busy += took;
    const place = await maps.placeOf(frame);
    spent.set(place, (spent.get(place) ?? 0) + took);
  }
  const sorted = [...spent].sort(([, one], [, other]) => other - one).slice(0, functionsShown);
  if (!sorted.some(([place]) => place.includes('line-splitter') || place.includes('log-writer'))) return '';
  const thread = sorted.some(([place]) => place.includes('line-splitter'))
    ? 'The sockets’ thread'
    : 'The log writer’s thread';
  const lines = sorted.map(([place, ms]) => `${ms.toFixed(0).padStart(7)} ms ${percent(ms, busy)}  ${place}`);
  return `${thread}: busy for ${busy.toFixed(0)} ms, idle for ${idle.toFixed(0)} ms\n${lines.join('\n')}\n`;
}

function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1).padStart(5)} %`;
}

/** Finds the source of what the bundler has put together. */
class SourceMaps {
  readonly #maps = new Map<string, SourceMap | null>();

  async placeOf({ functionName, url, lineNumber, columnNumber }: CallFrame): Promise<string> {
    const name = functionName === '' ? '(anonymous)' : functionName;
    if (!url.startsWith('file:')) return url === '' ? name : `${name}  ${url}`;
    const file = fileURLToPath(url);
    const entry = (await this.#mapOf(file))?.findEntry(lineNumber, columnNumber);
    if (entry === undefined || !('originalSource' in entry)) {
      return `${name}  ${path.relative(root, file)}:${String(lineNumber + 1)}`;
    }
    const source = path.relative(root, path.resolve(path.dirname(file), entry.originalSource));
    return `${name}  ${source}:${String(entry.originalLine + 1)}`;
  }

  async #mapOf(file: string): Promise<SourceMap | null> {
    const known = this.#maps.get(file);
    if (known !== undefined) return known;
    const text = await fs.readFile(`${file}.map`, 'utf8').catch(() => null);
    const map = text === null ? null : new SourceMap(JSON.parse(text) as SourceMapPayload);
    this.#maps.set(file, map);
    return map;
  }
}

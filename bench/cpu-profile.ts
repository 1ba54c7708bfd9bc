import fs from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const functionsShown = 40;
/** Start and warm-up, which are left out. */
const skippedMs = 2_000;
/** A thread that did less is left out, as the ones that read history when asked to. */
const leastBusyMs = 100;

interface ThreadSummary {
  readonly busyMs: number;
  readonly text: string;
}

/** A `.cpuprofile` file, as far as it is read here. */
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples: readonly number[];
  /** Microseconds from the sample before. */
  readonly timeDeltas: readonly number[];
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** From 0, as the column. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** Tells, as text, for each thread of the directory's `.cpuprofile` files the functions in which most time was spent
 *  themselves, without what they call, by their place in the source. The busiest thread comes first. */
export async function summarizeProfiles(directory: string): Promise<string> {
  const files = (await fs.readdir(directory)).filter((name) => name.endsWith('.cpuprofile'));
  const maps = new SourceMaps();
  const threads = await Promise.all(
    files.map(async (file) => {
      const profile = JSON.parse(await fs.readFile(path.join(directory, file), 'utf8')) as CpuProfile;
      return summarize(profile, threadOf(file, profile), maps);
    }),
  );
  return threads
    .filter(({ busyMs }) => busyMs >= leastBusyMs)
    .sort((one, other) => other.busyMs - one.busyMs)
    .map(({ text }) => text)
    .join('\n');
}

async function summarize(profile: CpuProfile, thread: string, maps: SourceMaps): Promise<ThreadSummary> {
  const spent = new Map<string, number>();
  for (const [frame, ms] of selfTimes(profile)) {
    const place = await maps.placeOf(frame);
    spent.set(place, (spent.get(place) ?? 0) + ms);
  }
  const idleMs = spent.get('(idle)') ?? 0;
  spent.delete('(idle)');
  const busyMs = [...spent.values()].reduce((sum, ms) => sum + ms, 0);
  const lines = [...spent]
    .sort(([, one], [, other]) => other - one)
    .slice(0, functionsShown)
    .map(
      ([place, ms]) => `${ms.toFixed(0).padStart(7)} ms ${((ms / busyMs) * 100).toFixed(1).padStart(5)} %  ${place}`,
    );
  const title = `${thread}: busy for ${busyMs.toFixed(0)} ms, idle for ${idleMs.toFixed(0)} ms`;
  return { busyMs, text: `${title}\n${lines.join('\n')}\n` };
}

function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): ReadonlyMap<CallFrame, number> {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const spent = new Map<CallFrame, number>();
  let at = 0;
  samples.forEach((id, index) => {
    at += timeDeltas[index] ?? 0;
    const frame = frames.get(id);
    if (frame === undefined || at < skippedMs * 1000) return;
    // A sample stands for the time until the next one.
    spent.set(frame, (spent.get(frame) ?? 0) + (timeDeltas[index + 1] ?? 0) / 1000);
  });
  return spent;
}

/** Node names the file by process and thread, the main one being 0; others are known by the program that they run. */
function threadOf(file: string, { nodes }: CpuProfile): string {
  if (/\.0\.\d+\.cpuprofile$/.test(file)) return 'main thread';
  const names = nodes.map(({ callFrame }) => /([\w-]+-thread)\.js$/.exec(callFrame.url)?.[1]);
  return names.find((name) => name !== undefined) ?? 'another thread';
}

/** Finds the source of what the bundler has put together. */
class SourceMaps {
  readonly #maps = new Map<string, Promise<SourceMap | null>>();

  async placeOf({ functionName, url, lineNumber, columnNumber }: CallFrame): Promise<string> {
    const name = functionName === '' ? '(anonymous)' : functionName;
    if (!url.startsWith('file:')) return url === '' ? name : `${name}  ${url}`;
    const file = fileURLToPath(url);
    const entry = (await this.#mapOf(file))?.findEntry(lineNumber, columnNumber);
    // Of a package in a bundle nothing is mapped.
    const original =
      entry !== undefined && 'originalSource' in entry ? (entry.originalSource as string | undefined) : '';
    if (entry === undefined || !('originalLine' in entry) || !original) return `${name}  ${path.relative(root, file)}`;
    const source = path.resolve(path.dirname(file), original);
    return `${name}  ${path.relative(root, source)}:${String(entry.originalLine + 1)}`;
  }

  #mapOf(file: string): Promise<SourceMap | null> {
    const known = this.#maps.get(file) ?? readMap(file);
    this.#maps.set(file, known);
    return known;
  }
}

async function readMap(file: string): Promise<SourceMap | null> {
  const text = await fs.readFile(`${file}.map`, 'utf8').catch(() => null);
  return text === null ? null : new SourceMap(JSON.parse(text) as SourceMapPayload);
}

import fs from 'node:fs/promises';
import path from 'node:path';
import { fillLog } from './filled-log.ts';
import type { Plan } from './plan.ts';
import type { Bench } from './scenario.ts';

interface BenchOptions {
  readonly plan: Plan;
  /** On the disk that is measured. */
  readonly directory: string;
  readonly progress: (text: string) => void;
}

/** Calls `use` with what scenarios work with, and leaves nothing behind. */
export function withBench<T>({ plan, directory, progress }: BenchOptions, use: (bench: Bench) => Promise<T>) {
  const withDirectory: Bench['withDirectory'] = async (useDirectory) => {
    const made = await fs.mkdtemp(path.join(directory, 'alert-hub-bench-'));
    try {
      return await useDirectory(made);
    } finally {
      await fs.rm(made, { recursive: true, force: true });
    }
  };
  return withDirectory((shared) => {
    const filled = new Map<number, Promise<string>>();
    const filledLog = (events: number) => {
      const known = filled.get(events) ?? fill(path.join(shared, String(events)), events, progress);
      filled.set(events, known);
      return known;
    };
    return use({ plan, withDirectory, filledLog, progress });
  });
}

async function fill(dataDir: string, events: number, progress: Bench['progress']): Promise<string> {
  progress(`a log of ${events.toLocaleString('en')} events`);
  await fillLog(dataDir, events);
  return dataDir;
}

import type { Plan } from './plan.ts';
import type { Row } from './row.ts';

export interface Scenario {
  /** As it is named on the command line. */
  readonly name: string;
  /** Measures, and rejects when anything was answered or delivered wrongly. */
  readonly run: (bench: Bench) => Promise<readonly Row[]>;
}

/** What a scenario is given to work with. */
export interface Bench {
  readonly plan: Plan;
  /** Calls `use` with a new directory on the disk that is measured, and removes the directory afterwards. */
  readonly withDirectory: <T>(use: (directory: string) => Promise<T>) => Promise<T>;
  /** Data directory of a hub that has stopped in good order, with so many events in its log. All scenarios share it, so
   *  that it may be copied and read, and nothing may be appended. */
  readonly filledLog: (events: number) => Promise<string>;
  /** Tells whoever waits what is being done. */
  readonly progress: (text: string) => void;
}

/** Runs `pair` so many times, one after the other. */
export async function repeat<T>(times: number, pair: (index: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let index = 0; index < times; index += 1) results.push(await pair(index));
  return results;
}

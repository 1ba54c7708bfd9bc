import { setTimeout as delay } from 'node:timers/promises';

export interface Deadline {
  /** Milliseconds; generous, since it is only waited out when the test fails. */
  readonly within?: number;
  /** What is waited for, to end the sentence "gave up after 5000 ms waiting for …". */
  readonly what: string;
}

const pollMs = 10;
const unfinished = Symbol('unfinished');

/**
 * Resolves with the first value of `condition` that is neither undefined, null nor false. Past the deadline it rejects,
 * saying what it waited for and what the last attempt that ended gave or threw. An attempt that throws counts as not yet.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { within = 5_000, what }: Deadline,
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + within;
  let last = 'an attempt that did not end';
  for (;;) {
    const { value, seen = last } = await attempt(condition, deadline);
    last = seen;
    if (value !== undefined && value !== null && value !== false) return value as NonNullable<Exclude<T, false>>;
    if (performance.now() >= deadline) throw new Error(`gave up after ${within} ms waiting for ${what}; last: ${last}`);
    await delay(pollMs);
  }
}

async function attempt<T>(
  condition: () => T | Promise<T>,
  deadline: number,
): Promise<{ readonly value?: T; readonly seen?: string }> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<typeof unfinished>((resolve) => {
    timer = setTimeout(resolve, Math.max(deadline - performance.now(), pollMs), unfinished);
  });
  try {
    const value = await Promise.race([condition(), timeUp]);
    return value === unfinished ? {} : { value: value as T, seen: String(value) };
  } catch (error) {
    return { seen: String(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** How much is measured. */
export interface Plan {
  readonly name: 'smoke' | 'quick' | 'full';
  /** Ceiling and hub, one after the other, so many times. */
  readonly pairs: number;
  /** Length of one run, its warm-up included; a run that has sent all its events ends sooner. */
  readonly seconds: number;
  /** What the first part of a run brings does not count: programs are still being compiled. */
  readonly warmUpSeconds: number;
  /** Most events of one run: half as much again as the goal. */
  readonly events: number;
  readonly endToEndPairs: number;
  readonly endToEndSeconds: number;
  /** The same with many subscribers. */
  readonly fanOutPairs: number;
  readonly fanOutSeconds: number;
  readonly crowds: readonly [Crowd, ...Crowd[]];
  /** In place of `pairs` and `seconds`, where less is at stake or more is to be prepared. */
  readonly sidePairs: number;
  readonly sideSeconds: number;
  /** Events that are in the log before a run that asks what a large log costs. */
  readonly logSizes: readonly number[];
  readonly exportedEvents: number;
  /** Subscribers that read history at once, and how much of it each. */
  readonly catchingUp: number;
  readonly catchUpEvents: number;
  readonly idleSeconds: number;
  /** How long memory is looked at under load, beside the largest log. */
  readonly memorySeconds: number;
}

/** Subscribers of one run, and what each of them gets. */
export interface Crowd {
  readonly subscribers: number;
  readonly eventsPerSecond: number;
}

const thousand: Crowd = { subscribers: 1_000, eventsPerSecond: 100 };
const tenThousand: Crowd = { subscribers: 10_000, eventsPerSecond: 5 };

export const plans: Readonly<Record<Plan['name'], Plan>> = {
  smoke: {
    name: 'smoke',
    pairs: 1,
    seconds: 0.5,
    warmUpSeconds: 0.1,
    events: 2_000,
    endToEndPairs: 1,
    endToEndSeconds: 0.5,
    fanOutPairs: 1,
    fanOutSeconds: 0.5,
    crowds: [{ subscribers: 20, eventsPerSecond: 100 }],
    sidePairs: 1,
    sideSeconds: 0.5,
    logSizes: [5_000],
    exportedEvents: 4_000,
    catchingUp: 5,
    catchUpEvents: 1_000,
    idleSeconds: 0.1,
    memorySeconds: 0.5,
  },
  quick: {
    name: 'quick',
    pairs: 3,
    seconds: 2,
    warmUpSeconds: 0.6,
    events: 240_000,
    endToEndPairs: 2,
    endToEndSeconds: 4,
    fanOutPairs: 1,
    fanOutSeconds: 3,
    crowds: [thousand],
    sidePairs: 1,
    sideSeconds: 1.5,
    logSizes: [200_000],
    exportedEvents: 100_000,
    catchingUp: 20,
    catchUpEvents: 10_000,
    idleSeconds: 1,
    memorySeconds: 3,
  },
  full: {
    name: 'full',
    pairs: 3,
    seconds: 6,
    warmUpSeconds: 1,
    events: 960_000,
    endToEndPairs: 2,
    endToEndSeconds: 60,
    fanOutPairs: 2,
    fanOutSeconds: 20,
    crowds: [thousand, tenThousand],
    sidePairs: 2,
    sideSeconds: 6,
    logSizes: [1_000_000, 10_000_000],
    exportedEvents: 1_000_000,
    catchingUp: 100,
    catchUpEvents: 50_000,
    idleSeconds: 10,
    memorySeconds: 600,
  },
};

/** The same with its shorter runs. */
export function sidePlan(plan: Plan): Plan {
  return { ...plan, pairs: plan.sidePairs, seconds: plan.sideSeconds };
}

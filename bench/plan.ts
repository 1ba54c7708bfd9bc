/** How much is measured. */
export interface Plan {
  readonly name: 'quick' | 'full';
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
  readonly crowds: readonly Crowd[];
}

/** Subscribers of one run, and what each of them gets. */
export interface Crowd {
  readonly subscribers: number;
  readonly eventsPerSecond: number;
}

const thousand: Crowd = { subscribers: 1_000, eventsPerSecond: 100 };
const tenThousand: Crowd = { subscribers: 10_000, eventsPerSecond: 5 };

export const plans: Readonly<Record<Plan['name'], Plan>> = {
  quick: {
    name: 'quick',
    pairs: 3,
    seconds: 2.5,
    warmUpSeconds: 0.75,
    events: 240_000,
    endToEndPairs: 2,
    endToEndSeconds: 5,
    fanOutPairs: 1,
    fanOutSeconds: 3,
    crowds: [thousand],
  },
  full: {
    name: 'full',
    pairs: 7,
    seconds: 6,
    warmUpSeconds: 1,
    events: 960_000,
    endToEndPairs: 3,
    endToEndSeconds: 60,
    fanOutPairs: 5,
    fanOutSeconds: 20,
    crowds: [thousand, tenThousand],
  },
};

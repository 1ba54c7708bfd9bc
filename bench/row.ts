import { spreadOf, type Spread } from './stats.ts';

export type Unit = 'events/s' | 'ms' | 'MB' | 'CPU s per million';

/** One figure of the hub's, and what stands beside it, from one repetition. */
export interface Pair {
  readonly hub: number;
  /** The ceiling's or the peer's figure. */
  readonly beside: number;
}

/** A line of the results. */
export interface Row {
  readonly scenario: string;
  readonly figure: string;
  readonly unit: Unit;
  /** The ceiling or the peer. */
  readonly beside: string;
  /** Not one, when the peer is not on this machine: then the row was skipped. */
  readonly pairs: readonly Pair[];
  readonly goals: readonly Goal[];
}

export interface Goal {
  readonly text: string;
  readonly isMet: (row: Row) => boolean;
}

/** How the hub compares, pair by pair: both of one pair met the same neighbours on the machine. */
export function ratios(row: Row): Spread {
  return spreadOf(row.pairs.map(({ hub, beside }) => hub / beside));
}

export function excess(row: Row): Spread {
  return spreadOf(row.pairs.map(({ hub, beside }) => hub - beside));
}

export function hubFigures(row: Row): Spread {
  return spreadOf(row.pairs.map(({ hub }) => hub));
}

export function besideFigures(row: Row): Spread {
  return spreadOf(row.pairs.map(({ beside }) => beside));
}

export function atLeastRatio(least: number): Goal {
  return { text: `ratio at least ${String(least)}`, isMet: (row) => ratios(row).median >= least };
}

export function atMostRatio(most: number): Goal {
  return { text: `ratio at most ${String(most)}`, isMet: (row) => ratios(row).median <= most };
}

export function atLeast(least: number): Goal {
  return { text: `at least ${least.toLocaleString('en')}`, isMet: (row) => hubFigures(row).median >= least };
}

export function atMost(most: number, unit: Unit = 'ms'): Goal {
  return { text: `at most ${most.toLocaleString('en')} ${unit}`, isMet: (row) => hubFigures(row).median <= most };
}

export function atMostOver(most: number): Goal {
  return { text: `at most ${String(most)} ms over it`, isMet: (row) => excess(row).median <= most };
}

import type Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';
import { slotMs } from '../../pipeline/event-counts.ts';
import type { PositionRange } from '../../pipeline/statistics.ts';

/** Runs closer together than this are read as one. */
const mergeGap = 256;
/** A day; for more slots than this, one range around them all is as good. */
const maxSlots = 8_640;

/** Where in the log the events of a time are. */
export class StatisticsRuns {
  readonly #runs: Database.Statement<unknown[], [Position, Position]>;
  readonly #bounds: Database.Statement<unknown[], [Position | null, Position | null]>;

  constructor(db: Database.Database) {
    this.#runs = db
      .prepare<unknown[], [Position, Position]>(
        'SELECT first_position, last_position FROM slots WHERE slot >= ? AND slot <= ? ORDER BY first_position',
      )
      .raw();
    this.#bounds = db
      .prepare<unknown[], [Position | null, Position | null]>(
        'SELECT min(first_position), max(last_position) FROM slots WHERE slot >= ? AND slot <= ?',
      )
      .raw();
  }

  /** Ranges, ascending and apart, that hold every event with a time from `from` until before `to`, among others. */
  between(from: number, to: number): readonly PositionRange[] {
    const first = Math.floor(from / slotMs);
    const last = Math.floor((to - 1) / slotMs);
    if (last - first >= maxSlots) return this.#around(first, last);
    return mergeRuns(this.#runs.all(first, last));
  }

  /** The same for single slots. */
  ofSlots(slots: readonly number[]): readonly PositionRange[] {
    const runs = slots.flatMap((slot) => this.#runs.all(slot, slot));
    return mergeRuns(runs.sort(([one], [other]) => one - other));
  }

  #around(first: number, last: number): readonly PositionRange[] {
    const [firstPosition = null, lastPosition = null] = this.#bounds.get(first, last) ?? [];
    if (firstPosition === null || lastPosition === null) return [];
    return [{ after: firstPosition - 1, before: lastPosition + 1 }];
  }
}

/** How many positions the ranges hold. */
export function lengthOf(ranges: readonly PositionRange[]): number {
  return ranges.reduce((sum, { after, before }) => sum + before - after - 1, 0);
}

function mergeRuns(runs: readonly [Position, Position][]): readonly PositionRange[] {
  const ranges: { after: Position; before: Position }[] = [];
  for (const [first, last] of runs) {
    const open = ranges.at(-1);
    if (open !== undefined && first - open.before <= mergeGap) open.before = Math.max(open.before, last + 1);
    else ranges.push({ after: first - 1, before: last + 1 });
  }
  return ranges;
}

import type Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';
import { EventCounts } from '../../pipeline/event-counts.ts';
import type { PositionRange } from '../../pipeline/statistics.ts';
import { firstPosition, headPosition } from './log-ends.ts';
import { openForReading } from './log-file.ts';

type Row = [position: Position, time: number, severity: number, source: string, channel: string];

/** What the statistics read from the log itself, on a connection that cannot write. What it throws is about the log, and
 *  no reason to make the statistics anew. */
export class StatisticsLog {
  readonly #db: Database.Database;
  readonly #events: Database.Statement<unknown[], Row>;

  constructor(dataDir: string) {
    this.#db = openForReading(dataDir);
    this.#events = this.#db
      .prepare<unknown[], Row>(
        `SELECT position, time, severity, source, channel FROM records
         WHERE position > ? AND position < ? AND type = 'event' AND time >= ? AND time < ? ORDER BY position`,
      )
      .raw();
  }

  get head(): Position {
    return this.#reading(() => headPosition(this.#db));
  }

  get first(): Position {
    return this.#reading(() => firstPosition(this.#db));
  }

  /** Counts the events of the ranges whose time is from `from` until before `to`. */
  count(ranges: readonly PositionRange[], from = -Infinity, to = Infinity): EventCounts {
    const counts = new EventCounts();
    this.visit(ranges, from, to, (position, time, severity, source, channel) => {
      counts.addRow(position, time, severity, source, channel);
    });
    return counts;
  }

  visit(ranges: readonly PositionRange[], from: number, to: number, visitor: (...row: Row) => void): void {
    this.#reading(() => {
      for (const { after, before } of ranges) {
        for (const row of this.#events.iterate(after, before, from, to)) visitor(...row);
      }
    });
  }

  close(): void {
    this.#db.close();
  }

  #reading<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw new Error(`the log could not be read: ${(error as Error).message}`, { cause: error });
    }
  }
}

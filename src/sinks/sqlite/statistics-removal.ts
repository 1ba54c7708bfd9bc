import type Database from 'better-sqlite3';
import { severities, type Position } from '../../pipeline/event.ts';
import { minuteMs, slotMs, type SlotCounts, type Tally } from '../../pipeline/event-counts.ts';
import { widths } from './statistics-widths.ts';

interface Run {
  readonly first_position: Position;
  readonly last_position: Position;
  readonly counts: readonly number[];
}

/** Takes counts out of the file of the statistics, always from the log's beginning on. */
export class StatisticsRemoval {
  readonly #db: Database.Database;
  readonly #runs: Database.Statement<unknown[], number[]>;
  readonly #deleteRun: Database.Statement;
  readonly #cutRun: Database.Statement;
  readonly #takeFromField: Database.Statement;
  readonly #deleteField: Database.Statement;
  readonly #save: Database.Statement;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#runs = db
      .prepare<unknown[], number[]>(
        `SELECT first_position, last_position, ${severities.join(', ')} FROM slots
         WHERE slot = ? AND first_position <= ? ORDER BY first_position`,
      )
      .raw();
    this.#deleteRun = db.prepare('DELETE FROM slots WHERE slot = ? AND first_position = ?');
    this.#cutRun = db.prepare(
      `UPDATE slots SET first_position = ?, info = info - ?, warning = warning - ?, error = error - ?, critical = critical - ?
       WHERE slot = ? AND first_position = ?`,
    );
    this.#takeFromField = db.prepare(
      'UPDATE field_counts SET count = count - ? WHERE field = ? AND width = ? AND slot = ? AND value = ?',
    );
    this.#deleteField = db.prepare(
      'DELETE FROM field_counts WHERE field = ? AND width = ? AND slot = ? AND value = ? AND count <= 0',
    );
    this.#save = db.prepare('UPDATE projection SET forgotten = @through, checkpoint = max(checkpoint, @through)');
  }

  /** The tally is of everything that is counted up to `through`. */
  remove(tally: Tally, through: Position): void {
    this.#db
      .transaction(() => {
        for (const slot of tally.slots) this.#removeSlot(slot, through);
        for (const { minute, bySource, byChannel } of tally.minutes) {
          for (const [source, count] of bySource) this.#take('source', minute, source, count);
          for (const [channel, count] of byChannel) this.#take('channel', minute, channel, count);
        }
        this.#save.run({ through });
      })
      .immediate();
  }

  /** Of a slot's runs those that end by then go as a whole, and what is left of the tally is taken from the next one. */
  #removeSlot({ slot, bySeverity }: SlotCounts, through: Position): void {
    const left = [...bySeverity];
    for (const { first_position, last_position, counts } of this.#runsOf(slot, through)) {
      if (last_position <= through) {
        this.#deleteRun.run(slot, first_position);
        counts.forEach((count, severity) => (left[severity] = (left[severity] ?? 0) - count));
      } else {
        this.#cutRun.run(through + 1, ...left, slot, first_position);
      }
    }
    const minute = Math.floor((slot * slotMs) / minuteMs);
    severities.forEach((severity, index) => {
      this.#take('severity', minute, severity, bySeverity[index] ?? 0);
    });
  }

  #runsOf(slot: number, through: Position): readonly Run[] {
    return this.#runs.all(slot, through).map(([first_position = 0, last_position = 0, ...counts]) => ({
      first_position,
      last_position,
      counts,
    }));
  }

  #take(field: string, minute: number, value: string, count: number): void {
    if (count === 0) return;
    for (const width of widths) {
      const slot = Math.floor(minute / width);
      this.#takeFromField.run(count, field, width, slot, value);
      this.#deleteField.run(field, width, slot, value);
    }
  }
}

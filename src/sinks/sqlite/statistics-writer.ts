import type Database from 'better-sqlite3';
import { severities, type Position } from '../../pipeline/event.ts';
import { minuteMs, slotMs, type SlotCounts, type Tally } from '../../pipeline/event-counts.ts';
import { StatisticsRemoval } from './statistics-removal.ts';
import { widths } from './statistics-widths.ts';

/** Events of one slot that lie further apart in the log than this are two runs. */
const runGap = 10_000;

/** Adds counts to the file of the statistics. */
export class StatisticsWriter {
  readonly #db: Database.Database;
  readonly #lastRun: Database.Statement;
  readonly #extendRun: Database.Statement;
  readonly #insertRun: Database.Statement;
  readonly #addToField: Database.Statement;
  readonly #saveCheckpoint: Database.Statement;
  readonly #removal: StatisticsRemoval;
  #checkpoint: Position;
  #forgotten: Position;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#checkpoint = db.prepare('SELECT checkpoint FROM projection').pluck().get() as Position;
    this.#forgotten = db.prepare('SELECT forgotten FROM projection').pluck().get() as Position;
    this.#removal = new StatisticsRemoval(db);
    this.#lastRun = db.prepare(
      'SELECT first_position, last_position FROM slots WHERE slot = ? ORDER BY first_position DESC LIMIT 1',
    );
    this.#extendRun = db.prepare(
      `UPDATE slots SET last_position = ?, info = info + ?, warning = warning + ?, error = error + ?, critical = critical + ?
       WHERE slot = ? AND first_position = ?`,
    );
    this.#insertRun = db.prepare(
      `INSERT INTO slots (last_position, info, warning, error, critical, slot, first_position) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#addToField = db.prepare(
      `INSERT INTO field_counts (field, width, slot, value, count) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET count = count + excluded.count`,
    );
    this.#saveCheckpoint = db.prepare('UPDATE projection SET checkpoint = ?');
  }

  /** The counts are of the log up to this position. */
  get checkpoint(): Position {
    return this.#checkpoint;
  }

  /** Adds what the log holds between the checkpoint and `through`, and moves the checkpoint there, in one transaction. */
  add(tally: Tally, through: Position): void {
    this.#db
      .transaction(() => {
        for (const slot of tally.slots) this.#addSlot(slot);
        for (const { minute, bySource, byChannel } of tally.minutes) {
          for (const [source, count] of bySource) this.#addField('source', minute, source, count);
          for (const [channel, count] of byChannel) this.#addField('channel', minute, channel, count);
        }
        this.#saveCheckpoint.run(through);
      })
      .immediate();
    this.#checkpoint = through;
  }

  /** What is counted begins after this position. */
  get forgotten(): Position {
    return this.#forgotten;
  }

  /** Takes out the tally of what was counted up to `through`, in one transaction. What was not counted yet never will be. */
  forget(tally: Tally, through: Position): void {
    this.#removal.remove(tally, through);
    this.#forgotten = through;
    this.#checkpoint = Math.max(this.#checkpoint, through);
  }

  #addSlot({ slot, firstPosition, lastPosition, bySeverity }: SlotCounts): void {
    const run = this.#lastRun.get(slot) as { first_position: Position; last_position: Position } | undefined;
    if (run !== undefined && firstPosition - run.last_position <= runGap) {
      this.#extendRun.run(lastPosition, ...bySeverity, slot, run.first_position);
    } else {
      this.#insertRun.run(lastPosition, ...bySeverity, slot, firstPosition);
    }
    const minute = Math.floor((slot * slotMs) / minuteMs);
    severities.forEach((severity, index) => {
      const count = bySeverity[index] ?? 0;
      if (count > 0) this.#addField('severity', minute, severity, count);
    });
  }

  #addField(field: string, minute: number, value: string, count: number): void {
    for (const width of widths) this.#addToField.run(field, width, Math.floor(minute / width), value, count);
  }
}

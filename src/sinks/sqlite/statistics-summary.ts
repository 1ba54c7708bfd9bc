import type Database from 'better-sqlite3';
import { severities, type Severity } from '../../pipeline/event.ts';
import { minuteMs, type Tally } from '../../pipeline/event-counts.ts';
import { maxMinutes, type SeverityCounts, type Summary } from '../../pipeline/statistics.ts';
import type { StatisticsLog } from './statistics-log.ts';
import { lengthOf, type StatisticsRuns } from './statistics-runs.ts';
import { widths } from './statistics-widths.ts';

const topSources = 10;

interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** Sums up the counts since an instant. The minute that it cuts in two is counted from the log, if that is no more than
 *  `maxEdge` positions to look at, else as a whole. */
export class StatisticsSummary {
  readonly #db: Database.Database;
  readonly #runs: StatisticsRuns;
  readonly #log: StatisticsLog;
  readonly #maxEdge: number;
  readonly #values: Database.Statement<unknown[], ValueCount>;
  readonly #minutes: Database.Statement<unknown[], [minute: number, severity: Severity, count: number]>;
  readonly #addToEdge: Database.Statement;

  constructor(db: Database.Database, runs: StatisticsRuns, log: StatisticsLog, maxEdge: number) {
    this.#db = db;
    this.#runs = runs;
    this.#log = log;
    this.#maxEdge = maxEdge;
    db.exec(
      'CREATE TEMP TABLE edge (field TEXT, minute INTEGER, value TEXT, count INTEGER, PRIMARY KEY (field, value)) STRICT',
    );
    this.#values = db.prepare<unknown[], ValueCount>(valuesSql);
    this.#minutes = db
      .prepare<unknown[], [number, Severity, number]>(
        `SELECT slot, value, count FROM field_counts
         WHERE field = 'severity' AND width = 1 AND slot >= max(@start, @first) AND slot <= @last
         UNION ALL SELECT minute, value, count FROM temp.edge WHERE field = 'severity' AND minute >= @first AND minute <= @last`,
      )
      .raw();
    this.#addToEdge = db.prepare('INSERT INTO temp.edge (field, minute, value, count) VALUES (?, ?, ?, ?)');
  }

  since(since: number, now: number): Omit<Summary, 'head'> {
    return this.#db.transaction(() => {
      const start = this.#countEdge(since);
      const bySeverity = { ...noEvents };
      for (const { value, count } of this.#valuesOf('severity', start, -1)) bySeverity[value as Severity] = count;
      const byChannel = this.#valuesOf('channel', start, -1).map(({ value, count }) => [value, count] as const);
      const bySource = this.#valuesOf('source', start, topSources).map(({ value, count }) => ({
        source: value,
        count,
      }));
      const perMinute = this.#perMinute(start, since, now);
      this.#db.exec('DELETE FROM temp.edge');
      return { bySeverity, byChannel: Object.fromEntries(byChannel), bySource, perMinute };
    })();
  }

  /** Puts what the cut minute has from `since` on into the table `edge`, and returns the first minute to count whole. */
  #countEdge(since: number): number {
    const minute = Math.floor(since / minuteMs);
    const end = (minute + 1) * minuteMs;
    if (since === minute * minuteMs) return minute;
    const ranges = this.#runs.between(since, end);
    if (lengthOf(ranges) > this.#maxEdge) return minute;
    this.#keepEdge(this.#log.count(ranges, since, end).tally, minute);
    return minute + 1;
  }

  #keepEdge({ slots, minutes }: Tally, minute: number): void {
    severities.forEach((severity, index) => {
      const count = slots.reduce((sum, { bySeverity }) => sum + (bySeverity[index] ?? 0), 0);
      if (count > 0) this.#addToEdge.run('severity', minute, severity, count);
    });
    for (const { bySource, byChannel } of minutes) {
      for (const [source, count] of bySource) this.#addToEdge.run('source', minute, source, count);
      for (const [channel, count] of byChannel) this.#addToEdge.run('channel', minute, channel, count);
    }
  }

  /** From the minute `start` on without end: minutes to the next hour, hours to the next day, and days. */
  #valuesOf(field: string, start: number, limit: number): readonly ValueCount[] {
    const bounds: Record<string, number> = {};
    let from = start;
    for (const [index, width] of widths.entries()) {
      const next = widths[index + 1];
      const to = next === undefined ? Infinity : Math.ceil(from / next) * next;
      bounds[`from${String(width)}`] = from / width;
      bounds[`to${String(width)}`] = to / width;
      from = to;
    }
    return this.#values.all({ field, limit, ...bounds });
  }

  #perMinute(start: number, since: number, now: number): Summary['perMinute'] {
    const last = Math.floor(now / minuteMs);
    const first = Math.max(Math.floor(since / minuteMs), last - maxMinutes + 1);
    const minutes = Array.from({ length: Math.max(0, last - first + 1) }, (_, index): { time: number } & Counts => ({
      time: (first + index) * minuteMs,
      ...noEvents,
    }));
    for (const [minute, severity, count] of this.#minutes.iterate({ start, first, last })) {
      const entry = minutes[minute - first];
      if (entry !== undefined) entry[severity] += count;
    }
    return minutes;
  }
}

type Counts = { -readonly [Name in keyof SeverityCounts]: SeverityCounts[Name] };
const noEvents: SeverityCounts = { info: 0, warning: 0, error: 0, critical: 0 };

const valuesSql = `
  SELECT value, sum(count) AS count FROM (
    ${widths
      .map(String)
      .map(
        (width) => `SELECT value, count FROM field_counts
          WHERE field = @field AND width = ${width} AND slot >= @from${width} AND slot < @to${width}`,
      )
      .join(' UNION ALL ')}
    UNION ALL SELECT value, count FROM temp.edge WHERE field = @field
  ) GROUP BY value ORDER BY count DESC, value LIMIT @limit`;

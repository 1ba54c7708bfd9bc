import type { Decision } from '../../src/pipeline/alerting/decision.ts';
import { severities, type EventDraft, type RecordedEvent, type Severity } from '../../src/pipeline/event.ts';
import { EventCounts } from '../../src/pipeline/event-counts.ts';
import type { AppendItem } from '../../src/pipeline/event-log.ts';
import type { LogRecord } from '../../src/pipeline/record.ts';
import type { CountedStretch, Summary } from '../../src/pipeline/statistics.ts';
import { openForWriting } from '../../src/sinks/sqlite/log-file.ts';
import { LogWriter } from '../../src/sinks/sqlite/log-writer.ts';
import { appendedOf, prepareBatch } from '../../src/sinks/sqlite/prepared-batch.ts';
import type { StatisticsProjection } from '../../src/sinks/sqlite/statistics-projection.ts';

/** What tells events apart in the statistics. */
export interface Happening {
  readonly time: number;
  readonly severity: Severity;
  readonly source: string;
  readonly channel: string;
}

const aDecision: Decision = { type: 'alerting.configured', routes: [], reason: 'a test' };

/** A log whose events all have a time of their own, on the calling thread. */
export class StatisticsTestLog {
  readonly epoch: string;
  readonly events: RecordedEvent[] = [];
  readonly #dataDir: string;
  readonly #writer: LogWriter;
  #first: number;
  #ids = 0;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
    this.#writer = new LogWriter(openForWriting(dataDir));
    this.#first = this.#writer.first;
    this.epoch = this.#writer.epoch;
  }

  get head(): number {
    return this.#writer.head;
  }

  /** Appends the events with a decision behind them, and returns what live statistics are told about that. */
  append(happenings: readonly Happening[]): CountedStretch {
    const items: readonly AppendItem[] = [...happenings.map((each) => this.#itemOf(each)), { decision: aDecision }];
    const batch = prepareBatch(items, Date.parse('2026-01-02T00:00:00.000Z'));
    const after = this.head;
    const { records } = appendedOf(batch, this.#writer.append(batch.fields, batch.receivedAt));
    const counts = new EventCounts();
    for (const event of eventsOf(records)) {
      this.events.push(event);
      counts.addEvent(event);
    }
    return { after, through: this.head, tally: counts.tally };
  }

  get first(): number {
    return this.#first;
  }

  removeThrough(through: number): void {
    while (this.#writer.removeThrough(through, []) < through);
    this.#first = through + 1;
  }

  /** The same log after it was closed, opened again. */
  opened(): StatisticsTestLog {
    const log = new StatisticsTestLog(this.#dataDir);
    log.events.push(...this.events);
    log.#ids = this.#ids;
    return log;
  }

  close(): void {
    this.#writer.close();
  }

  #itemOf({ time, severity, source, channel }: Happening): AppendItem {
    this.#ids += 1;
    const names = { id: String(this.#ids), source, severity, message: severity, key: source };
    const defaults = { status: 'firing', statusGiven: false, idGiven: true, labels: null, data: null } as const;
    const draft: EventDraft = { ...names, ...defaults, time };
    return { draft, channel };
  }
}

/** Counts what is missing, as the thread does. */
export function catchUp(projection: StatisticsProjection, head: number): void {
  while (projection.checkpoint < head) projection.catchUp(head);
}

/** The summary as a plain fold over the events. */
export function foldedSummary(events: readonly RecordedEvent[], since: number, now: number): Omit<Summary, 'head'> {
  const wanted = events.filter(({ time }) => Date.parse(time) >= since);
  const bySource = Object.entries(countBy(wanted, ({ source }) => source));
  const last = Math.floor(now / 60_000);
  const first = Math.max(Math.floor(since / 60_000), last - 1_439);
  return {
    bySeverity: severityCounts(wanted),
    byChannel: countBy(wanted, ({ channel }) => channel),
    bySource: bySource
      .map(([source, count]) => ({ source, count }))
      .sort((one, other) => other.count - one.count || (one.source < other.source ? -1 : 1))
      .slice(0, 10),
    perMinute: Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
      const time = (first + index) * 60_000;
      return { time, ...severityCounts(wanted.filter((event) => isBetween(event, time, time + 60_000))) };
    }),
  };
}

/** Counts by bucket and severity, by the edges alone. */
export function foldedHistogram(events: readonly RecordedEvent[], edges: readonly number[]): readonly number[] {
  return edges.slice(0, -1).flatMap((from, index) => {
    const inside = events.filter((event) => isBetween(event, from, edges[index + 1] ?? from));
    return severities.map((severity) => inside.filter((event) => event.severity === severity).length);
  });
}

function eventsOf(records: readonly LogRecord[]): readonly RecordedEvent[] {
  return records.flatMap(({ value }) => (value.type === 'event' ? [value] : []));
}

function severityCounts(events: readonly RecordedEvent[]): Record<Severity, number> {
  return { info: 0, warning: 0, error: 0, critical: 0, ...countBy(events, ({ severity }) => severity) };
}

function countBy(events: readonly RecordedEvent[], name: (event: RecordedEvent) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const event of events) counts[name(event)] = (counts[name(event)] ?? 0) + 1;
  return counts;
}

function isBetween(event: RecordedEvent, from: number, to: number): boolean {
  const time = Date.parse(event.time);
  return time >= from && time < to;
}

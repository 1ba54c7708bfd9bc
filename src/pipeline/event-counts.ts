import { severities, type Position, type RecordedEvent } from './event.ts';

/** Events are counted by slots of their `time`: severities by ten seconds, sources and channels by the minute. */
export const slotMs = 10_000;
export const minuteMs = 60_000;

/** As much of an event's `time` as its slot has in common with others. */
const slotTextLength = '2026-01-01T00:00:0'.length;

/** What falls into one slot. */
export interface SlotCounts {
  /** Slots since 1970, may be negative. */
  readonly slot: number;
  /** Positions of the first and the last event that was counted here; in between there may be others. */
  readonly firstPosition: Position;
  lastPosition: Position;
  /** In the order of `severities`. */
  readonly bySeverity: number[];
}

/** What falls into one minute. */
export interface MinuteCounts {
  /** Minutes since 1970, may be negative. */
  readonly minute: number;
  readonly bySource: Map<string, number>;
  readonly byChannel: Map<string, number>;
}

/** How many events there were. Plain data, to be posted to a thread. */
export interface Tally {
  readonly slots: readonly SlotCounts[];
  readonly minutes: readonly MinuteCounts[];
}

/** Counts events, each in well below a microsecond: it runs on the thread that ingests. The one place that says how events
 *  become counts, so that what was counted live and what was counted from the log cannot disagree. */
export class EventCounts {
  readonly #slots = new Map<number, SlotCounts>();
  readonly #minutes = new Map<number, MinuteCounts>();
  #size = 0;
  #slotText = ' ';
  #slot = 0;

  /** Numbers that are held: it grows with the different sources and slots, not with the events. */
  get size(): number {
    return this.#size;
  }

  get tally(): Tally {
    return { slots: [...this.#slots.values()], minutes: [...this.#minutes.values()] };
  }

  /** Positions must ascend. */
  addEvent(event: RecordedEvent): void {
    // Events that follow each other mostly share the slot, and comparing is far cheaper than parsing.
    if (!event.time.startsWith(this.#slotText)) {
      this.#slotText = event.time.slice(0, slotTextLength);
      this.#slot = Math.floor(Date.parse(event.time) / slotMs);
    }
    this.#add(this.#slot, event.position, severities.indexOf(event.severity), event.source, event.channel);
  }

  /** The same for a row of the log: `time` in milliseconds since 1970, `severity` as its place in `severities`. */
  addRow(position: Position, time: number, severity: number, source: string, channel: string): void {
    this.#add(Math.floor(time / slotMs), position, severity, source, channel);
  }

  #add(slot: number, position: Position, severity: number, source: string, channel: string): void {
    const counts = this.#slots.get(slot) ?? this.#newSlot(slot, position);
    counts.lastPosition = position;
    counts.bySeverity[severity] = (counts.bySeverity[severity] ?? 0) + 1;
    const minute = Math.floor((slot * slotMs) / minuteMs);
    const { bySource, byChannel } = this.#minutes.get(minute) ?? this.#newMinute(minute);
    this.#increment(bySource, source);
    this.#increment(byChannel, channel);
  }

  #newSlot(slot: number, position: Position): SlotCounts {
    const counts = { slot, firstPosition: position, lastPosition: position, bySeverity: severities.map(() => 0) };
    this.#slots.set(slot, counts);
    this.#size += 1;
    return counts;
  }

  #newMinute(minute: number): MinuteCounts {
    const counts = { minute, bySource: new Map<string, number>(), byChannel: new Map<string, number>() };
    this.#minutes.set(minute, counts);
    return counts;
  }

  #increment(counts: Map<string, number>, value: string): void {
    const before = counts.get(value);
    if (before === undefined) this.#size += 1;
    counts.set(value, (before ?? 0) + 1);
  }
}

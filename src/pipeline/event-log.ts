import type { Decision } from './alerting/decision.ts';
import type { EventDraft, Position } from './event.ts';
import type { Filter } from './filter.ts';
import type { Outcome } from './outcome.ts';
import type { LogRecord, StoredRecord } from './record.ts';

/** What is to become a record: a producer's draft, or a decision of the hub's own. */
export type AppendItem = { readonly draft: EventDraft; readonly channel: string } | { readonly decision: Decision };

export interface Appended {
  /** One for each item, in order. */
  readonly outcomes: readonly Outcome[];
  /** What was recorded, in position order. */
  readonly records: readonly LogRecord[];
}

export interface ReadRequest {
  /** Exclusive bounds. `asc` reads up from `after`, `desc` down from `before`. */
  readonly after: Position;
  readonly before: Position;
  readonly order: 'asc' | 'desc';
  readonly filter: Filter;
  readonly limit: number;
  readonly maxBytes: number;
}

export interface ReadPage {
  readonly records: readonly StoredRecord[];
  /** Everything between the request's start and this position, itself included, has been looked at. */
  readonly through: Position;
  /** Whether the request's whole range has been looked at. A page ends early at its limits, or after two seconds. */
  readonly isComplete: boolean;
}

/** The log. One implementation keeps it in SQLite; nothing outside of that one knows how. */
export interface EventLog {
  /** Identity of this log; a position means nothing without it. */
  readonly epoch: string;
  /** The last position, 0 when the log is empty. */
  readonly head: Position;
  /** The first position that is kept, 1 when there never was one. When all of them are removed, the one after the head. */
  readonly first: Position;

  /** Appends every item in one transaction. What is `accepted` is committed and fsynced when this resolves, with
   *  consecutive positions. A draft whose source and id are in the log already keeps its first position
   *  (`duplicate`), or is refused when its content differs (`id_conflict`). Never rejects: trouble is an outcome.
   *  One call at a time. */
  append(items: readonly AppendItem[]): Promise<Appended>;

  /** Reads records by position. May run beside appends and other reads. Where retention has come across what was to be read,
   *  the page may have a hole, and `first` lies behind it when this resolves. Rejects with a `RefusedError` when the next record is
   *  damaged, and with another error when the log cannot be read at the moment. */
  read(request: ReadRequest): Promise<ReadPage>;

  /** Keeps what a consumer has made of the log up to some position, in place of what it kept before. Durable when it
   *  resolves. Rejects when it cannot be kept; the log is none the worse. */
  saveCheckpoint(consumer: string, state: string): Promise<void>;
  /** What the consumer kept last, or null. */
  loadCheckpoint(consumer: string): Promise<string | null>;

  /** Finishes what is under way and closes the files. */
  close(): Promise<void>;
}

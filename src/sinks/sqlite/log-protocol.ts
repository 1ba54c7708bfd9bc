import type { Position } from '../../pipeline/event.ts';
import type { ReadRequest } from '../../pipeline/event-log.ts';
import type { StoredRecord } from '../../pipeline/record.ts';
import type { RetentionLimits } from '../../pipeline/retention.ts';
import type { CountRequest, Histogram } from '../../pipeline/statistics.ts';

/** What the hub's thread and the log's threads say to each other. Strings and flat arrays: a structured clone of
 *  objects costs more than the insert. */

/** Fields of one record in `AppendMessage.fields`, in this order; null where a decision has nothing of the kind. What can
 *  be said once, or not at all, is not sent: each string is copied from thread to thread. */
export type AppendFields = [
  /** Null for an event. */
  type: string | null,
  id: string | null,
  source: string | null,
  severity: number | null,
  /** Null for when it was received. */
  time: number | null,
  channel: string | null,
  /** Null for the source. */
  key: string | null,
  given: number,
  /** The record's JSON text without its position, see `bodyOf`. */
  body: string,
];
export const appendFieldCount = 9;
export type AppendField = AppendFields[number];

export interface AppendMessage {
  readonly kind: 'append';
  /** Of all records, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** The fields of all records, one after the other. */
  readonly fields: readonly AppendField[];
}

export type WriterMessage =
  | AppendMessage
  | { readonly kind: 'save'; readonly consumer: string; readonly state: string }
  | { readonly kind: 'load'; readonly consumer: string }
  /** Looks whether the log can be written, opening it again where it could not be. */
  | { readonly kind: 'probe' }
  /** Takes a step, see `eraseLeftovers`. */
  | { readonly kind: 'erase' }
  | { readonly kind: 'remove'; readonly through: Position; readonly keep: readonly Position[] }
  | { readonly kind: 'keep_only'; readonly positions: readonly Position[] }
  | { readonly kind: 'give_back' }
  | { readonly kind: 'close' };

/** What is known of the log by those that go on with it in another thread. */
export interface KnownLog {
  readonly epoch: string;
  /** The last position that was acknowledged. */
  readonly head: Position;
}

export interface DiskSpace {
  /** Bytes of the file system that the log is on. */
  readonly free: number;
  readonly total: number;
  /** Bytes of the log's WAL file. */
  readonly wal: number;
  /** See `LogCondition`. */
  readonly checkpointsBusy: number;
}

export type WriterAnswer =
  | {
      readonly kind: 'opened';
      readonly epoch: string;
      readonly head: Position;
      readonly first: Position;
      readonly lastReceivedAt: number;
      readonly disk: DiskSpace;
      /** What is wrong with the last records; null when nothing is. */
      readonly damage: string | null;
    }
  | { readonly kind: 'not_opened'; readonly error: string }
  /** One number for each record: its position; negative, the position of the event it duplicates; or `idConflict`. */
  | { readonly kind: 'appended'; readonly verdicts: Float64Array; readonly head: Position; readonly disk: DiskSpace }
  | { readonly kind: 'probed'; readonly head: Position; readonly disk: DiskSpace }
  | {
      readonly kind: 'failed';
      readonly code: 'unavailable' | 'in_doubt' | 'storage_full';
      readonly error: string;
      /** Of a batch in doubt: what holds for it if it was recorded after all. */
      readonly verdicts?: Float64Array | null;
    }
  /** The log is not as it was written. */
  | { readonly kind: 'damaged'; readonly error: string }
  | { readonly kind: 'saved' }
  | { readonly kind: 'erased'; readonly isDone: boolean }
  | { readonly kind: 'loaded'; readonly state: string | null }
  | { readonly kind: 'removed'; readonly through: Position }
  | { readonly kind: 'kept'; readonly count: number }
  | { readonly kind: 'gave_back'; readonly isMore: boolean }
  | { readonly kind: 'closed' };

/** The verdict for a source and id that are in the log with other content. */
export const idConflict = 0;

export type ReaderMessage =
  | { readonly kind: 'read'; readonly request: ReadRequest }
  | { readonly kind: 'count'; readonly request: CountRequest }
  | { readonly kind: 'expired'; readonly limits: RetentionLimits; readonly most: number }
  | { readonly kind: 'kept'; readonly positions: readonly Position[] }
  | { readonly kind: 'close' };

/** One for each question, in order, after a first one: that the thread has begun. */
export type ReaderAnswer =
  | { readonly kind: 'begun' }
  | {
      readonly kind: 'page';
      readonly positions: readonly Position[];
      readonly texts: readonly string[];
      readonly through: Position;
      readonly isComplete: boolean;
      /** Of the log, after the page was read. */
      readonly first: Position;
    }
  | { readonly kind: 'counted'; readonly histogram: Histogram }
  /** A record that was to be read is not what was written. */
  | { readonly kind: 'damaged'; readonly error: string }
  | { readonly kind: 'expired'; readonly through: Position | null }
  | { readonly kind: 'kept'; readonly records: readonly StoredRecord[] }
  | { readonly kind: 'not_read'; readonly error: string };

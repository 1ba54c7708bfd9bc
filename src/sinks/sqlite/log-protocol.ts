import type { Position } from '../../pipeline/event.ts';
import type { ReadRequest } from '../../pipeline/event-log.ts';

/** What the hub's thread and the log's threads say to each other. Strings and flat arrays: a structured clone of
 *  objects costs more than the insert. */

/** Fields of one event in `AppendMessage.fields`, in this order. */
export type AppendFields = [
  id: string,
  source: string,
  severity: number,
  time: number,
  receivedAt: number,
  channel: string,
  key: string,
  given: number,
  /** The record's JSON text without its position, see `bodyOf`. */
  body: string,
];
export const appendFieldCount = 9;

export interface AppendMessage {
  readonly kind: 'append';
  /** The fields of all events, one after the other. */
  readonly fields: readonly (string | number)[];
}

export type WriterMessage = AppendMessage | { readonly kind: 'close' };

export type WriterAnswer =
  | {
      readonly kind: 'opened';
      readonly epoch: string;
      readonly head: Position;
      readonly first: Position;
      readonly lastReceivedAt: number;
    }
  | { readonly kind: 'not_opened'; readonly error: string }
  /** One number for each event: its position; negative, the position of the event it duplicates; or `idConflict`. */
  | { readonly kind: 'appended'; readonly verdicts: Float64Array }
  | { readonly kind: 'failed'; readonly code: 'unavailable' | 'in_doubt' | 'storage_full'; readonly error: string }
  | { readonly kind: 'closed' };

/** The verdict for a source and id that are in the log with other content. */
export const idConflict = 0;

export type ReaderMessage = { readonly kind: 'read'; readonly request: ReadRequest } | { readonly kind: 'close' };

/** One for each `read`, in order. */
export type ReaderAnswer =
  | {
      readonly kind: 'page';
      readonly positions: readonly Position[];
      readonly texts: readonly string[];
      readonly through: Position;
      readonly isComplete: boolean;
    }
  | { readonly kind: 'not_read'; readonly error: string };

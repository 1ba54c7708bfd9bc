import type { Position, RecordedEvent } from './event.ts';

/** Anything the log holds: an event, or (later) a decision about events. */
export interface LogRecord {
  readonly value: RecordedEvent;
  /** The record's JSON text, byte for byte what the log stores and every reader is sent. */
  readonly json: string;
  /** See {@link EventDraft.statusGiven}; false for what is not an event. */
  readonly statusGiven: boolean;
}

/** A record as it is read back: its text alone, so that passing it on never parses it. */
export interface StoredRecord {
  readonly position: Position;
  readonly json: string;
}

/** Parses a stored record. */
export function parseRecord(record: StoredRecord): RecordedEvent {
  return JSON.parse(record.json) as RecordedEvent;
}

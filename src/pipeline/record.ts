import type { EventDraft, Position, RecordedEvent } from './event.ts';

/** Anything the log holds: an event, or (later) a decision about events. */
export interface LogRecord {
  readonly value: RecordedEvent;
  /** The record's JSON text, byte for byte what the log stores and every reader is sent. */
  readonly json: string;
  /** See {@link EventDraft.statusGiven}. */
  readonly statusGiven: boolean;
}

/** A record as it is read back: its text alone, so that passing it on never parses it. */
export interface StoredRecord {
  readonly position: Position;
  readonly json: string;
}

const bodyStart = '{"position":0'.length;

/** An event on its way into the log, whose position is still to be assigned. */
export type PendingEvent = { -readonly [Name in keyof RecordedEvent]: RecordedEvent[Name] };

/** The event that `draft` becomes, at position 0, since only the log's writer knows its position. */
export function eventOf(draft: EventDraft, channel: string, time: string, receivedAt: string): PendingEvent {
  const event: PendingEvent = {
    position: 0,
    type: 'event',
    id: draft.id,
    time,
    receivedAt,
    source: draft.source,
    severity: draft.severity,
    message: draft.message,
    channel,
    key: draft.key,
    status: draft.status,
  };
  if (draft.labels !== null) event.labels = draft.labels;
  if (draft.data !== null) event.data = draft.data;
  return event;
}

/** The JSON text of a record without its position, to which {@link recordJson} adds it once it is known. */
export function bodyOf(value: RecordedEvent): string {
  return JSON.stringify(value).slice(bodyStart);
}

export function recordJson(position: Position, body: string): string {
  return `{"position":${String(position)}${body}`;
}

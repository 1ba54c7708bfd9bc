import type { Decision } from './alerting/decision.ts';
import type { EventDraft, Position, RecordedEvent } from './event.ts';

/** A decision as the log has recorded it; `time` and `receivedAt` are both when that was. */
export type RecordedDecision = Decision & {
  readonly position: Position;
  readonly time: string;
  readonly receivedAt: string;
};

/** Anything the log holds. */
export type RecordValue = RecordedEvent | RecordedDecision;

export interface LogRecord {
  readonly value: RecordValue;
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

/** A record on its way into the log, whose position is still to be assigned. */
export type Pending<Value extends RecordValue> = Value extends unknown
  ? Omit<Value, 'position'> & { position: Position }
  : never;
type PendingEvent = { -readonly [Name in keyof RecordedEvent]: RecordedEvent[Name] };

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

/** The record that `decision` becomes, at position 0. */
export function decisionOf(decision: Decision, receivedAt: string): Pending<RecordedDecision> {
  const { type, ...fields } = decision;
  return { position: 0, type, time: receivedAt, receivedAt, ...fields } as Pending<RecordedDecision>;
}

/** The JSON text of a record without its position, to which {@link recordJson} adds it once it is known. */
export function bodyOf(value: object): string {
  return JSON.stringify(value).slice(bodyStart);
}

export function recordJson(position: Position, body: string): string {
  return `{"position":${String(position)}${body}`;
}

/** A record as it was when it was stored. */
export function parseRecord(record: StoredRecord): RecordValue {
  return JSON.parse(record.json) as RecordValue;
}

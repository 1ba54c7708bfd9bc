/** A JSON value as `JSON.parse` gives it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** Ordered: each is more serious than the one before. */
export const severities = ['info', 'warning', 'error', 'critical'] as const;
export type Severity = (typeof severities)[number];

export const statuses = ['firing', 'resolved'] as const;
export type Status = (typeof statuses)[number];

/** Place in the log: an integer from 1, consecutive, one per record, never reused. 0 stands before the first record. */
export type Position = number;

/** What a producer sent, checked and with every default filled in, but not recorded yet. */
export interface EventDraft {
  /** The producer's own, or a UUIDv7 made by the hub. Unique within `source`. */
  readonly id: string;
  /** Whether the id came from outside, where it may have been sent before. */
  readonly idGiven: boolean;
  /** Milliseconds since 1970, or null: it counts as having happened when it is received. */
  readonly time: number | null;
  readonly source: string;
  readonly severity: Severity;
  readonly message: string;
  readonly key: string;
  readonly status: Status;
  /** Whether the producer said `status` itself; a default `firing` does not promise that `resolved` will follow. */
  readonly statusGiven: boolean;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly data: JsonObject | null;
}

/** An event as the log has recorded it and as every reader gets it, fields in the order in which they are written. */
export interface RecordedEvent {
  readonly position: Position;
  readonly type: 'event';
  readonly id: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly time: string;
  /** RFC 3339, UTC, milliseconds; never decreases along positions. */
  readonly receivedAt: string;
  readonly source: string;
  readonly severity: Severity;
  readonly message: string;
  /** Which input it came through: `tcp`, `http`, `ws`, … */
  readonly channel: string;
  readonly key: string;
  readonly status: Status;
  readonly labels?: Readonly<Record<string, string>>;
  readonly data?: JsonObject;
}

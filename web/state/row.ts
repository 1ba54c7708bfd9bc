import type { Position, RecordedEvent, Severity } from '../../src/pipeline/event.ts';

/** What the table shows of an event. Labels and data stay behind, and the message is cut: thousands of rows are kept, and
 *  an event may be 64 KiB. Whoever shows a whole event asks the hub for it by position. */
export interface Row {
  readonly position: Position;
  /** The event's time, as the hub wrote it and as milliseconds. */
  readonly time: string;
  readonly at: number;
  readonly source: string;
  readonly severity: Severity;
  readonly message: string;
  readonly channel: string;
  readonly key: string;
  readonly isResolved: boolean;
  /** When it was shown as news, by the clock of `performance.now()`; 0 for history. */
  arrivedAt: number;
}

/** More than the widest screen shows in one line. */
const maxMessageLength = 600;

export function rowOf(event: RecordedEvent): Row {
  const { position, time, source, severity, channel, key } = event;
  return {
    position,
    time,
    at: Date.parse(time),
    source,
    severity,
    message: event.message.slice(0, maxMessageLength),
    channel,
    key,
    isResolved: event.status === 'resolved',
    arrivedAt: 0,
  };
}

import type { Draft } from '../client/publisher.ts';
import type { RecordedEvent } from '../pipeline/event.ts';

/** The event as a producer would send it; what only the log that it comes from says of it is left out. */
export function draftOf({ id, time, source, severity, message, key, status, labels, data }: RecordedEvent): Draft {
  const draft = { id, time, source, severity, message, key, status };
  return { ...draft, ...(labels === undefined ? {} : { labels }), ...(data === undefined ? {} : { data }) };
}

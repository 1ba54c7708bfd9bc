import type { RecordedEvent } from '../event.ts';
import type { EventLog } from '../event-log.ts';
import type { Filter } from '../filter.ts';
import { parseRecord, type StoredRecord } from '../record.ts';
import { notificationId } from './notification-id.ts';

const pageRecords = 1_000;
const pageBytes = 4 * 1024 * 1024;

/** The decisions about an event, oldest first: which mails it is part of, and what became of each. */
export async function traceOf(event: RecordedEvent, log: EventLog): Promise<readonly StoredRecord[]> {
  const filter: Filter = {
    types: ['notification.queued', 'notification.sent', 'notification.deferred', 'notification.dead'],
    query: { kind: 'exact', field: 'key', values: [event.key] },
  };
  const decisions: StoredRecord[] = [];
  const notifications = new Set<string>();
  let after = event.position;
  for (;;) {
    const request = { after, before: log.head + 1, order: 'asc', filter, limit: pageRecords, maxBytes: pageBytes } as const;
    const page = await log.read(request);
    for (const record of page.records) {
      if (isAbout(record, event, notifications)) decisions.push(record);
    }
    if (page.isComplete) return decisions;
    after = page.through;
  }
}

function isAbout(record: StoredRecord, { key, position }: RecordedEvent, notifications: Set<string>): boolean {
  const value = parseRecord(record);
  if (value.type === 'notification.queued') {
    const covers = value.spans.some((span) => span.key === key && span.from <= position && position <= span.through);
    // A mail to several recipients is followed under an id for each.
    if (covers) value.to.forEach((_, index) => notifications.add(notificationId(value, index)));
    return covers;
  }
  return 'id' in value && notifications.has(value.id);
}

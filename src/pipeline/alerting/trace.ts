import type { RecordedEvent } from '../event.ts';
import type { EventLog } from '../event-log.ts';
import type { Filter } from '../filter.ts';
import { compileQuery } from '../query/evaluate.ts';
import { parseQuery } from '../query/parse.ts';
import { parseRecord, type StoredRecord } from '../record.ts';
import type { Subject } from './decision.ts';
import { importChannel, isAboutMail } from './hub-events.ts';
import { notificationId } from './notification-id.ts';

const pageRecords = 1_000;
const pageBytes = 4 * 1024 * 1024;

/** The decisions about an event, oldest first: which mails it is part of, and what became of each. */
export async function traceOf(event: RecordedEvent, log: EventLog): Promise<readonly StoredRecord[]> {
  const filter: Filter = {
    types: ['notification.queued', 'notification.sent', 'notification.deferred', 'notification.dead', 'event.redacted'],
    query: { kind: 'exact', field: 'key', values: [event.key] },
  };
  const decisions: StoredRecord[] = [];
  const notifications = new Set<string>();
  let after = event.position;
  for (;;) {
    const request = {
      after,
      before: log.head + 1,
      order: 'asc',
      filter,
      limit: pageRecords,
      maxBytes: pageBytes,
    } as const;
    const page = await log.read(request);
    for (const record of page.records) {
      if (isAbout(record, event, notifications)) decisions.push(record);
    }
    if (page.isComplete) return decisions;
    after = page.through;
  }
}

function isAbout(record: StoredRecord, event: RecordedEvent, notifications: Set<string>): boolean {
  const value = parseRecord(record);
  if (value.type === 'event.redacted') return value.events.includes(event.position);
  if (value.type !== 'notification.queued') return 'id' in value && notifications.has(value.id);
  if (!covers(value, event)) return false;
  // A mail to several recipients is followed under an id for each.
  value.to.forEach((_, index) => notifications.add(notificationId(value, index)));
  return true;
}

/** Whether the event is among those that the mail is about: others of its key may lie between the same positions. */
function covers({ spans, match, events }: Subject, event: RecordedEvent): boolean {
  const { key, position } = event;
  // What was redacted since may not match any more.
  if (events.includes(position)) return true;
  const isBetween = spans.some((span) => span.key === key && span.from <= position && position <= span.through);
  const isNews = !isAboutMail(event) && event.channel !== importChannel;
  return isBetween && isNews && compileQuery(parseQuery(match, 0))(event);
}

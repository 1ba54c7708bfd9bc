import type { Position, RecordedEvent } from './event.ts';
import type { EventLog } from './event-log.ts';
import { readFilter } from './filter.ts';
import { parseRecord } from './record.ts';
import type { RemovableLog } from './retention.ts';

const events = readFilter({}, 0);
const maxBytes = 1024 * 1024;

/** The events at these ascending positions that the log still has, or that were put aside when they were removed from it. */
export async function readEventsAt(
  log: Pick<EventLog, 'read'> & Pick<RemovableLog, 'readKept'>,
  positions: readonly Position[],
): Promise<readonly RecordedEvent[]> {
  const pages = await Promise.all(
    positions.map((at) =>
      log.read({ after: at - 1, before: at + 1, order: 'asc', filter: events, limit: 1, maxBytes }),
    ),
  );
  const missing = positions.filter((_, index) => pages[index]?.records.length === 0);
  // After the log was read: retention puts an event aside in the moment in which it removes it.
  const kept = missing.length === 0 ? [] : await log.readKept(missing);
  return [...kept, ...pages.flatMap(({ records }) => records)]
    .map(parseRecord)
    .filter((value): value is RecordedEvent => value.type === 'event');
}

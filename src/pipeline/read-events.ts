import type { Position, RecordedEvent } from './event.ts';
import type { EventLog } from './event-log.ts';
import { readFilter } from './filter.ts';
import { parseRecord } from './record.ts';

const events = readFilter({}, 0);
const maxBytes = 1024 * 1024;

/** The events at these positions that the log still has, in the order of the positions. */
export async function readEventsAt(
  log: Pick<EventLog, 'read'>,
  positions: readonly Position[],
): Promise<readonly RecordedEvent[]> {
  const pages = await Promise.all(
    positions.map((at) =>
      log.read({ after: at - 1, before: at + 1, order: 'asc', filter: events, limit: 1, maxBytes }),
    ),
  );
  return pages
    .flatMap(({ records }) => records.map(parseRecord))
    .filter((value): value is RecordedEvent => value.type === 'event');
}

import { filter, map, pipe, tap, type OperatorFunction } from 'rxjs';
import type { BoundedBacklog } from './backlog.ts';
import { batchWhileBusy } from './batch.ts';
import type { Envelope } from './envelope.ts';
import type { EventLog } from './event-log.ts';
import type { LogRecord } from './record.ts';

/** One transaction: large enough that an fsync is shared by many, small enough to be over in some milliseconds. */
const batchLimits = { maxItems: 4_096, maxBytes: 4 * 1024 * 1024, aheadItems: 512 };

/** Appends envelopes to the log in batches and emits what was recorded, in the log's order. Each envelope is settled after
 *  its batch is committed and before the batch is emitted, so that nothing is acknowledged or shown before it is safe. */
export function appendTo(log: EventLog, backlog: BoundedBacklog): OperatorFunction<Envelope, readonly LogRecord[]> {
  return pipe(
    tap((envelope) => {
      backlog.add(envelope.bytes);
    }),
    batchWhileBusy(batchLimits, async (batch) => ({ batch, appended: await log.append(batch) })),
    map(({ batch, appended }) => {
      settle(batch, appended.outcomes, backlog);
      return appended.records;
    }),
    filter((records) => records.length > 0),
  );
}

function settle(
  batch: readonly Envelope[],
  outcomes: Awaited<ReturnType<EventLog['append']>>['outcomes'],
  backlog: BoundedBacklog,
): void {
  let bytes = 0;
  batch.forEach((envelope, index) => {
    bytes += envelope.bytes;
    const outcome = outcomes[index];
    if (outcome === undefined) throw new Error(`the log gave no outcome for item ${String(index)} of its batch`);
    envelope.settle(outcome);
  });
  backlog.remove(batch.length, bytes);
}

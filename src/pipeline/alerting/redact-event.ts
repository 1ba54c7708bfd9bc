import { setTimeout as delay } from 'node:timers/promises';
import { goneText, RefusedError } from '../codes.ts';
import type { Position } from '../event.ts';
import type { AppendItem, EventLog } from '../event-log.ts';
import { readEventsAt } from '../read-events.ts';
import { withoutContent } from '../redaction.ts';
import type { RemovableLog } from '../retention.ts';
import type { Alerting } from './alerting.ts';

/** Readers of the log may be in the way of erasing for so long. */
const eraseWithinMs = 10_000;
const pauseMs = 20;

/** A log whose files can be freed of what was overwritten in them. */
export interface ErasableLog {
  /** Takes a step, and tells whether nothing is left. */
  eraseLeftovers(): Promise<boolean>;
}

export interface RedactEventOptions {
  readonly log: ErasableLog & Pick<EventLog, 'read' | 'first'> & Pick<RemovableLog, 'readKept'>;
  readonly alerting: Pick<Alerting, 'redact'>;
  /** Rejects when the log may not have taken the items. */
  readonly append: (items: readonly AppendItem[]) => Promise<void>;
}

export interface Redacted {
  /** Whether there was nothing to blank. */
  readonly wasBlank: boolean;
  /** Whether the files hold nothing of it any more; if not, readers were in the way: asking again goes on with it. */
  readonly isErased: boolean;
}

/** Blanks the message, labels and data of the event at `position` for good, in the log and in what the hub has made of it,
 *  which mails that were not sent yet may tell of when retention has removed the event itself. May be called again: what
 *  is blank already is brought to its end. Rejects with a refusal when there is nothing of such an event, and otherwise when
 *  the log could not take it. */
export type RedactEvent = (
  position: Position,
  on: { readonly by?: string; readonly reason?: string },
) => Promise<Redacted>;

export function createRedactEvent({ log, alerting, append }: RedactEventOptions): RedactEvent {
  return async (position, { by = 'unknown', reason = 'no reason was given' }) => {
    const [event] = await readEventsAt(log, [position]);
    const wasBlank = event !== undefined && withoutContent(event, position) === event;
    // Also for one that is blank: that this could not be brought to its end may be why it is asked for again.
    await alerting.redact(position, async (quotingKey) => {
      const key = event?.key ?? quotingKey;
      if (key === undefined) throw nothingAt(position, log.first);
      const decision = { type: 'event.redacted', key, events: [position], by, reason } as const;
      if (!wasBlank) await append([{ decision }]);
    });
    return { wasBlank, isErased: await erase(log) };
  };
}

function nothingAt(position: Position, first: Position): RefusedError {
  if (position < first) return new RefusedError('gone', goneText(position, first));
  return new RefusedError('not_found', `position ${String(position)}: the log has no event there`);
}

async function erase(log: ErasableLog): Promise<boolean> {
  const deadline = performance.now() + eraseWithinMs;
  while (!(await log.eraseLeftovers())) {
    if (performance.now() > deadline) return false;
    await delay(pauseMs);
  }
  return true;
}

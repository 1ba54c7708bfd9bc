import { setTimeout as delay } from 'node:timers/promises';
import type { RecordedEvent } from '../event.ts';
import type { AppendItem } from '../event-log.ts';
import { withoutContent } from '../redaction.ts';
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
  readonly log: ErasableLog;
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

/** Blanks an event's message, labels and data for good, in the log and in what the hub has made of it. Rejects when the log
 *  could not take it: then nothing has changed there. */
export type RedactEvent = (
  event: RecordedEvent,
  on: { readonly by?: string; readonly reason?: string },
) => Promise<Redacted>;

export function createRedactEvent({ log, alerting, append }: RedactEventOptions): RedactEvent {
  return async (event, { by = 'unknown', reason = 'no reason was given' }) => {
    const { position, key } = event;
    const wasBlank = withoutContent(event, position) === event;
    if (!wasBlank) {
      const decision = { type: 'event.redacted', key, events: [position], by, reason } as const;
      await alerting.redact(position, () => append([{ decision }]));
    }
    return { wasBlank, isErased: await erase(log) };
  };
}

async function erase(log: ErasableLog): Promise<boolean> {
  const deadline = performance.now() + eraseWithinMs;
  while (!(await log.eraseLeftovers())) {
    if (performance.now() > deadline) return false;
    await delay(pauseMs);
  }
  return true;
}

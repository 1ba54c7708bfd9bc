import type { Position, RecordedEvent } from '../../src/pipeline/event.ts';
import type { RecordedDecision, RecordValue } from '../../src/pipeline/record.ts';
import { getJson } from './hub-api.ts';

export type ReadRecord = (position: Position, signal: AbortSignal) => Promise<RecordValue>;
export type ReadTrace = (position: Position, signal: AbortSignal) => Promise<readonly RecordedDecision[]>;

/** What became of one mail to one recipient, as `GET /api/notifications` lists it. */
export interface Mail {
  readonly id: string;
  readonly state: MailState;
  readonly route: string;
  readonly to: string;
  readonly subject: string;
  readonly events: readonly Position[];
  readonly attempts: number;
  /** RFC 3339; null when there will be none. */
  readonly nextAttempt: string | null;
  /** What the mail server said last; empty before the first attempt. */
  readonly reply: string;
}

export const mailStates = ['pending', 'sent', 'dead'] as const;
export type MailState = (typeof mailStates)[number];

/** Reads `GET /api/events/{position}`. */
export function recordReader(base: string): ReadRecord {
  return async (position, signal) =>
    (await getJson(new URL(`api/events/${String(position)}`, base), signal)) as RecordValue;
}

/** Reads the decisions of `GET /api/events/{position}/trace`, oldest first. */
export function traceReader(base: string): ReadTrace {
  return async (position, signal) => {
    const url = new URL(`api/events/${String(position)}/trace`, base);
    const body = (await getJson(url, signal)) as { event: RecordedEvent; decisions: readonly RecordedDecision[] };
    return body.decisions;
  };
}

/** Reads `GET /api/notifications`; without a state, all of them. */
export async function readMails(base: string, state: MailState | null, signal: AbortSignal): Promise<readonly Mail[]> {
  const url = new URL('api/notifications', base);
  if (state !== null) url.searchParams.set('state', state);
  return (await getJson(url, signal)) as readonly Mail[];
}

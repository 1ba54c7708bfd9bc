import { isDeepStrictEqual } from 'node:util';
import type { RecordedEvent } from '../../pipeline/event.ts';
import { given } from './tables.ts';

interface Recorded {
  readonly given: number;
  readonly record: string;
}

/** Whether a producer sent the same twice: equal in all but what the hub adds. A time that the producer left out both
 *  times was filled in differently, and is the same content all the same. */
export function isSameContent(known: Recorded, again: Recorded): boolean {
  if ((known.given & given.time) !== (again.given & given.time)) return false;
  return isDeepStrictEqual(content(known), content(again));
}

function content(recorded: Recorded): unknown {
  const event = JSON.parse(recorded.record) as RecordedEvent;
  const time = (recorded.given & given.time) === 0 ? '' : event.time;
  return { ...event, position: 0, receivedAt: '', channel: '', time };
}

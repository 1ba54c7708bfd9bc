import { isDeepStrictEqual } from 'node:util';
import type { RecordedEvent } from '../../pipeline/event.ts';
import { given } from './tables.ts';

interface Recorded {
  readonly given: number;
  readonly record: string;
}

/** Whether a producer sent the same twice: equal in all but what the hub adds. A time that the producer left out both
 *  times was filled in differently, and is the same content all the same; so is the time that was filled in, sent
 *  back. Empty labels or data are none. */
export function isSameContent(known: Recorded, again: Recorded): boolean {
  const isTimeGiven = ((known.given | again.given) & given.time) !== 0;
  return isDeepStrictEqual(content(known, isTimeGiven), content(again, isTimeGiven));
}

function content(recorded: Recorded, isTimeGiven: boolean): unknown {
  const event = JSON.parse(recorded.record) as RecordedEvent;
  const { labels = {}, data = {} } = event;
  const time = isTimeGiven ? event.time : '';
  return { ...event, labels, data, position: 0, receivedAt: '', channel: '', time };
}

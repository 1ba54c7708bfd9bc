import type { EventDraft, RecordedEvent, Severity } from '../event.ts';
import { newEventId } from '../event-id.ts';

/** The source under which the hub speaks of its own troubles. */
const hubSource = 'alert-hub';
/** Its channel. No producer can use it, so that nobody else speaks for the hub. */
export const hubChannel = 'hub';
/** The channel of history from elsewhere, which nobody is told of. */
export const importChannel = 'import';
/** What the troubles are about. */
type HubTrouble = 'mail' | 'disk';

/** The hub's own trouble, or its end, as an event like any other. */
export function hubEvent(trouble: HubTrouble, severity: Severity, message: string): EventDraft {
  return {
    id: newEventId(),
    idGiven: false,
    time: null,
    source: hubSource,
    severity,
    message,
    key: keyOf(trouble),
    status: severity === 'info' ? 'resolved' : 'firing',
    statusGiven: true,
    labels: null,
    data: null,
  };
}

/** Whether the hub says in this event how mail is going. */
export function isAboutMail(event: RecordedEvent): boolean {
  return event.channel === hubChannel && event.key === keyOf('mail');
}

function keyOf(trouble: HubTrouble): string {
  return `${hubSource}/${trouble}`;
}

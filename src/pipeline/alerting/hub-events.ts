import type { EventDraft, RecordedEvent, Severity } from '../event.ts';
import { uuidv7 } from 'uuidv7';

/** The source under which the hub speaks of its own troubles. */
const hubSource = 'alert-hub';
/** What they are about. */
export type HubTrouble = 'mail';

/** The hub's own trouble, or its end, as an event like any other. */
export function hubEvent(trouble: HubTrouble, severity: Severity, message: string): EventDraft {
  return {
    id: uuidv7(),
    time: null,
    source: hubSource,
    severity,
    message,
    key: `${hubSource}/${trouble}`,
    status: severity === 'info' ? 'resolved' : 'firing',
    statusGiven: true,
    labels: null,
    data: null,
  };
}

/** Whether an event says that mail does not go out: mailing that would feed on itself. */
export function isAboutMail(event: RecordedEvent): boolean {
  return event.source === hubSource && event.key === `${hubSource}/mail`;
}

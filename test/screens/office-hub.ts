import { takenAt } from './clock.ts';
import { liveUntil, officeBefore, pastUntil } from './office-day.ts';
import { openPostOffice } from './post-office.ts';
import { mailBy, openStudioHub, type StudioHub } from './studio-hub.ts';

const minute = 60_000;

/** A hub with an hour of the demo's office, mailing since a few minutes, and in the middle of an outage. */
export async function openOfficeHub(): Promise<StudioHub> {
  const postOffice = await openPostOffice();
  const hub = await openStudioHub({}, postOffice);
  const office = await pastUntil(takenAt - 4 * minute, officeBefore(65), hub);
  await hub.restart(mailBy(postOffice));
  await liveUntil(takenAt, office, hub);
  return hub;
}

import { setTimeout as delay } from 'node:timers/promises';
import { openOffice, stepOffice, type Office, type Sent } from '../../demo/office/office.ts';
import { createRandom } from '../../demo/office/random.ts';
import { setClock, takenAt } from './clock.ts';
import type { StudioHub } from './studio-hub.ts';

const second = 1_000;
/** What is mailed is mailed before the clock goes on. */
const mailedWithinMs = 1_000;
const random = createRandom(20);

/** The demo's office counts its outages from here: one of them is under way when the pictures are taken. */
const outagesFrom = takenAt - 48 * second;

const isTrouble = ({ draft }: Sent) => draft.severity === 'error' || draft.severity === 'critical';

/** The office before anything happened in it, `minutes` before the pictures. */
export function officeBefore(minutes: number): Office {
  return openOffice(takenAt - minutes * 60 * second, random);
}

/** Sends what has happened in the office until `until` all at once, with its times. */
export async function pastUntil(until: number, from: Office, hub: StudioHub): Promise<Office> {
  let office = from;
  const sent: Sent[] = [];
  while (office.now < until) {
    const step = stepOffice(office, { now: office.now + second, startedAt: outagesFrom, random });
    office = step.office;
    sent.push(...step.sent);
  }
  setClock(until);
  await hub.send(sent);
  return office;
}

/** Sends what happens in the office until `until`, each second at its time, as if it had been waited for. */
export async function liveUntil(until: number, from: Office, hub: StudioHub): Promise<Office> {
  let office = from;
  while (office.now < until) {
    const step = stepOffice(office, { now: office.now + second, startedAt: outagesFrom, random });
    office = step.office;
    setClock(office.now);
    if (step.sent.length > 0) await hub.send(step.sent);
    if (step.sent.some(isTrouble)) await delay(mailedWithinMs);
  }
  return office;
}

import { setTimeout as delay } from 'node:timers/promises';
import { openOffice, stepOffice, type Office } from './office/office.ts';
import type { Random } from './office/random.ts';
import type { Senders } from './senders.ts';

const stepMs = 1_000;
const historyMs = 60 * 60 * stepMs;

export interface OfficeRun {
  readonly senders: Senders;
  readonly random: Random;
  /** Milliseconds since 1970: where history ends and the script of outages counts from. */
  readonly startedAt: number;
}

/** Sends what has happened in the office in the hour before the start, with its times, and resolves with the office as
 *  it is then. */
export async function sendHistory({ senders, random, startedAt }: OfficeRun): Promise<Office> {
  let office = openOffice(startedAt - historyMs, random);
  while (office.now < startedAt) {
    const step = stepOffice(office, { now: office.now + stepMs, startedAt, random });
    office = step.office;
    await senders.send(step.sent);
  }
  await senders.drain();
  return office;
}

/** Sends what happens in the office as it happens, `speed` of its seconds in one of ours, until it is told to stop. A
 *  machine that slept meanwhile goes on where it was: the office does not catch up. */
export async function sendLive(
  from: Office,
  {
    senders,
    random,
    startedAt,
    speed,
    stopping,
  }: OfficeRun & { readonly speed: number; readonly stopping: AbortSignal },
): Promise<void> {
  let office = from;
  while (!stopping.aborted) {
    const { office: next, sent } = stepOffice(office, { now: office.now + stepMs, startedAt, random });
    office = next;
    const time = Date.now();
    await senders.send(sent.map(({ channel, draft }) => ({ channel, draft: { ...draft, time } })));
    await delay(stepMs / speed, undefined, { signal: stopping }).catch(() => undefined);
  }
}

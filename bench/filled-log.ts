import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { withHub, type HubProcess } from './hub-process.ts';
import { measure } from './processes.ts';

const pollMs = 50;

/** Makes the data directory of a hub with so many events, whose statistics have counted them all: what a hub does once
 *  with a log that it has not seen before is not what a large log costs. */
export async function fillLog(dataDir: string, events: number): Promise<void> {
  await measure('logFill', { dataDir, events });
  await withHub(dataDir, async (hub) => {
    if (hub.head !== events)
      throw new Error(`${String(events)} events were written, the hub reads ${String(hub.head)}`);
    while ((await countedBy(hub)) < events) await setTimeout(pollMs);
    return { events: 0 };
  });
}

/** Copies a data directory, and has the disk take it all now instead of in the middle of a run. */
export async function copyLog(from: string, to: string): Promise<void> {
  await fs.cp(from, to, { recursive: true });
  for (const name of await fs.readdir(to)) {
    const file = await fs.open(path.join(to, name));
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

/** Everything up to the position that this resolves with is counted. */
async function countedBy({ httpPort }: HubProcess): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${String(httpPort)}/api/stats`);
  return ((await answer.json()) as { readonly head: number }).head;
}

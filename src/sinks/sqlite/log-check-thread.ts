import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { asDamage } from './damage.ts';
import { checkFile } from './file-check.ts';
import { openForReading } from './log-file.ts';
import { givesWayToAll, lowerPriority } from './low-priority.ts';
import { walkAll } from './log-walk.ts';

/** The thread that looks through the log behind the hub's back. Works a tenth of the time, and posts damage if there is some. */
const workMs = 10;
const restMs = 90;
/** SQLite's own check is one statement, and the WAL grows while it runs: for a larger file, that is for `alert-hub verify`. */
const largestFileToCheck = 1024 ** 3;

const { dataDir } = workerData as { dataDir: string };

// No await at the top: a thread that is ended while such a module is being evaluated takes the process with it.
void check();

async function check(): Promise<void> {
  lowerPriority(givesWayToAll);
  const db = openForReading(dataDir);
  try {
    let restedAt = performance.now();
    for (const position of walkAll(db)) {
      if (position < 0 || performance.now() - restedAt < workMs) continue;
      await delay(restMs);
      restedAt = performance.now();
    }
    if (fs.statSync(path.join(dataDir, 'hub.db')).size <= largestFileToCheck) checkFile(db, 'quick_check');
  } catch (error) {
    parentPort?.postMessage({ damage: asDamage(error, null).message });
  } finally {
    db.close();
  }
}

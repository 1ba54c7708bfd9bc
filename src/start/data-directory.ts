import fs from 'node:fs';
import type { Logger } from '../logger.ts';

/** A new directory is the hub's alone. One that was there before is left as somebody has made it. */
export function warnOfOpenDirectory(dataDir: string, logger: Logger): void {
  const mode = fs.statSync(dataDir).mode & 0o777;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  logger.warn(
    `dataDir: others than the hub's user can get into ${dataDir} (mode 0${mode.toString(8)}), which holds every event; chmod it to 700`,
  );
}

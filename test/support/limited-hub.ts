import { startHub } from './hub.ts';
import { makeTempDir } from './temp-dir.ts';

/** A hub with these settings, named as in the environment without `HUB_`. */
export async function hubWith(settings: Readonly<Record<string, string>>): ReturnType<typeof startHub> {
  const named = Object.entries(settings).map(([name, value]) => [`HUB_${name}`, value] as const);
  return startHub({ dataDir: await makeTempDir(), env: Object.fromEntries(named) });
}

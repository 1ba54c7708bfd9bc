import { HubError } from '../client/hub-error.ts';
import { readPage } from '../client/pages.ts';
import { httpEndpoint, hubLocator, type HubOptions } from './hub-options.ts';
import type { HubLocation } from '../client/discover.ts';

/** The data directory that a verb is about, as a hub started here would take it. */
export function dataDirOf(dataDir: string | undefined): string {
  return dataDir ?? namedByEnvironment() ?? './data';
}

/** Who writes what a verb is to change: the running hub, or, when none holds the directory, the verb itself. */
export type LogPlace = { readonly hub: () => HubLocation } | { readonly dataDir: string };

/** A hub that somebody named, or that runs on the directory, is the one; else a hub at the default address, unless the
 *  directory was named: it may be on another. */
export async function placeOfLog(options: HubOptions): Promise<LogPlace> {
  const hub = hubLocator({ ...options, env: process.env });
  if (hub().by !== 'default') return { hub };
  const isNamed = (options.dataDir ?? namedByEnvironment()) !== undefined;
  return isNamed || !(await answers(hub)) ? { dataDir: dataDirOf(options.dataDir) } : { hub };
}

async function answers(hub: () => HubLocation): Promise<boolean> {
  try {
    await readPage(httpEndpoint(hub), { limit: 0 });
    return true;
  } catch (error) {
    // One that refuses is one.
    return error instanceof HubError;
  }
}

function namedByEnvironment(): string | undefined {
  const name = process.env['HUB_DATA_DIR'];
  return name === '' ? undefined : name;
}

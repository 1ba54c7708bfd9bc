import { Option, type Command } from 'commander';
import { discoverHub, type HubLocation } from '../client/discover.ts';
import type { Endpoint } from '../client/endpoint.ts';
import { UsageError } from './usage-error.ts';

/** Where the hub is, as every verb that talks to one lets a person say it. */
export interface HubOptions {
  readonly url?: string;
  readonly dataDir?: string;
}

export function addHubOptions(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'the hub, like http://127.0.0.1:8080').env('HUB_URL'))
    .option('--data-dir <dir>', 'the data directory of a hub on this machine (default: HUB_DATA_DIR, else ./data)');
}

export interface LocatorOptions extends HubOptions {
  readonly tcp?: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Looks for the hub, anew at every call, because a hub that restarts may have another port or token. One that was found
 *  by its data directory is not looked for elsewhere while it is away: that call throws. */
export function hubLocator(options: LocatorOptions): () => HubLocation {
  const first = locate(options);
  return () => {
    const now = locate(options);
    if (first.by === 'run.json' && now.by !== 'run.json') throw new Error('the hub is not running');
    return now;
  };
}

/** The hub's HTTP interface. */
export function httpEndpoint(locator: () => HubLocation): Endpoint {
  return { url: () => locator().http, token: () => locator().token };
}

function locate(options: LocatorOptions): HubLocation {
  try {
    return discoverHub(options);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

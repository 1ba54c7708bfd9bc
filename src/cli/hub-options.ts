import { Option, type Command } from 'commander';
import type { WebSocket } from 'ws';
import { discoverHub, type HubLocation } from '../client/discover.ts';
import type { Endpoint } from '../client/endpoint.ts';
import { createHttpsFetch } from '../client/https-fetch.ts';
import type { WebSocketConstructor } from '../client/socket.ts';
import { tlsOptions } from '../client/trust.ts';
import { UsageError } from './usage-error.ts';

/** Where the hub is, as every verb that talks to one lets a person say it. */
export interface HubOptions {
  readonly url?: string;
  readonly dataDir?: string;
  readonly ca?: string;
}

export function addHubOptions(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'the hub, like http://127.0.0.1:8080').env('HUB_URL'))
    .option('--data-dir <dir>', 'the data directory of a hub on this machine (default: HUB_DATA_DIR, else ./data)')
    .addOption(new Option('--ca <file>', 'an authority to trust besides the known ones, in PEM').env('HUB_CA_FILE'));
}

export interface LocatorOptions extends HubOptions {
  readonly tcp?: string;
  readonly clientCert?: string;
  readonly clientKey?: string;
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
  return { url: () => locator().http, token: () => locator().token, fetch: httpsFetch(locator) };
}

export function httpsFetch(locator: () => HubLocation): NonNullable<Endpoint['fetch']> {
  return createHttpsFetch((host) => tlsOptions(locator().trust, host));
}

/** The WebSocket of the `ws` package, which trusts whom the options say. */
export function trustingWebSocket(Plain: typeof WebSocket, locator: () => HubLocation): WebSocketConstructor {
  return class extends Plain {
    constructor(url: string, protocols?: string[], options?: object) {
      const { hostname, protocol } = new URL(url);
      const tls = protocol === 'wss:' ? tlsOptions(locator().trust, hostname.replace(/^\[|\]$/g, '')) : {};
      super(url, protocols, { ...options, ...tls });
    }
  };
}

function locate(options: LocatorOptions): HubLocation {
  try {
    const location = discoverHub(options);
    // A file that cannot be read is a mistake to be told at once, not a hub that is away.
    tlsOptions(location.trust, location.tcp.host);
    return location;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

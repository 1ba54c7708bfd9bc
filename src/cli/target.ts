import { Option, type Command } from 'commander';
import { parseHostAndPort, parseHttpUrl, parseWsUrl } from '../client/address.ts';
import type { HubLocation } from '../client/discover.ts';
import type { Publisher, PublisherOptions } from '../client/publisher.ts';
import { tlsOptions } from '../client/trust.ts';
import { httpsFetch, hubLocator, trustingWebSocket, type HubOptions, type LocatorOptions } from './hub-options.ts';
import { optionParser, UsageError } from './usage-error.ts';

/** The way by which events are sent, and to whom. At most one may be given. */
export interface TargetOptions extends HubOptions {
  readonly tcp?: string;
  readonly http?: string;
  readonly ws?: string;
  readonly clientCert?: string;
  readonly clientKey?: string;
}

/** Where a hub takes them over HTTP, when that is not where it takes events. */
export interface TargetPath {
  readonly path?: string;
}

/** A publisher, and the name of whom it publishes to. */
export interface Target {
  readonly name: string;
  readonly publisher: Publisher;
}

export function addTargetOptions(command: Command): Command {
  const tcp = optionParser(
    (text) => (parseHostAndPort(text) === undefined ? undefined : text),
    'must be like host:9000 or tls://host:9000',
  );
  const http = optionParser(parseHttpUrl, 'must be like http://host:8080');
  const ws = optionParser(parseWsUrl, 'must be like ws://host:8080/ws');
  return command
    .option('--tcp <host:port>', 'send as JSON lines over TCP, or TLS as tls://host:port', tcp)
    .option('--http <url>', 'send over HTTP, in batches', http)
    .option('--ws <url>', 'send over a WebSocket', ws)
    .addOption(
      new Option('--client-cert <file>', "a certificate of one's own, where the hub asks for one").env(
        'HUB_CLIENT_CERT_FILE',
      ),
    )
    .addOption(new Option('--client-key <file>', 'the key of --client-cert').env('HUB_CLIENT_KEY_FILE'));
}

/** Opens the target that the options name; without any, the TCP port of the hub that they find. A hub that only its URL
 *  is known of is reached by that. */
export async function openTarget(
  options: TargetOptions & TargetPath & Pick<LocatorOptions, 'env'>,
  publishing: PublisherOptions,
): Promise<Target> {
  const { tcp, http, ws } = options;
  if ([tcp, http, ws].filter((given) => given !== undefined).length > 1) {
    throw new UsageError('give one of --tcp, --http and --ws');
  }
  if (http !== undefined)
    return openHttp(http, hubLocator({ ...options, url: http }), { ...publishing, ...pathOf(options) });
  if (ws !== undefined)
    return openWs(ws, hubLocator({ ...options, url: new URL(ws).origin.replace(/^ws/, 'http') }), publishing);
  const locator = hubLocator(options);
  const { http: url, isTcpKnown } = locator();
  return isTcpKnown ? openTcp(locator, publishing) : openHttp(url, locator, publishing);
}

async function openTcp(locator: () => HubLocation, publishing: PublisherOptions): Promise<Target> {
  const { createTcpPublisher } = await import('../client/tcp-publisher.ts');
  const { host, port, isSecure } = locator().tcp;
  const address = () => {
    const { tcp, token, trust } = locator();
    return {
      ...tcp,
      ...(token === undefined ? {} : { token }),
      ...(tcp.isSecure === true ? { tls: tlsOptions(trust, tcp.host) } : {}),
    };
  };
  return {
    name: `${isSecure === true ? 'tls://' : ''}${host.includes(':') ? `[${host}]` : host}:${port}`,
    publisher: createTcpPublisher({ address, ...publishing }),
  };
}

function pathOf({ path }: TargetPath): TargetPath {
  return path === undefined ? {} : { path };
}

async function openHttp(
  url: string,
  locator: () => HubLocation,
  publishing: PublisherOptions & TargetPath,
): Promise<Target> {
  const { createHttpPublisher } = await import('../client/http-publisher.ts');
  return {
    name: url,
    publisher: createHttpPublisher({ url, token: () => locator().token, fetch: httpsFetch(locator), ...publishing }),
  };
}

async function openWs(url: string, locator: () => HubLocation, publishing: PublisherOptions): Promise<Target> {
  const [{ createWsPublisher }, { WebSocket }] = await Promise.all([import('../client/ws-publisher.ts'), import('ws')]);
  return {
    name: url,
    publisher: createWsPublisher({
      url,
      WebSocket: trustingWebSocket(WebSocket, locator),
      token: () => locator().token,
      ...publishing,
    }),
  };
}

import { isIPv4 } from 'node:net';
import type { Config } from '../config/config.ts';
import { portsOf } from '../config/ports.ts';
import type { Logger } from '../logger.ts';

/** Throws when the hub would listen where others than this machine's own programs reach it, and nothing protects it. */
export function refuseOpenDoors(config: Config, hasTokens: boolean): void {
  if (config.allowAnonymous || hasTokens || config.adminToken !== undefined) return;
  for (const { name, host } of portsOf(config)) {
    if (isLoopback(host)) continue;
    throw new Error(
      `${name}.host is ${host}, where other machines reach the hub, and it asks nobody for a token; ` +
        `make one first (alert-hub token create --role admin --data-dir ${config.dataDir}), listen on 127.0.0.1, ` +
        'or set allowAnonymous (HUB_ALLOW_ANONYMOUS=true) if everyone there may read and write events',
    );
  }
}

/** Warns of ports that other machines reach in clear text, where whoever is on the way reads and changes events. */
export function warnOfClearText(config: Config, logger: Logger): void {
  for (const { name, host, tls } of portsOf(config)) {
    if (isLoopback(host) || tls !== undefined) continue;
    logger.warn(
      `${name}.host is ${host}, and ${name} is served in clear text; set ${name}.tls, or let nothing but a proxy with TLS reach it`,
    );
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { plainAddress } from './address.ts';
import { forwardedAddresses, type ForwardedHeaders } from './forwarded.ts';

const rule = 'must be networks such as 10.0.0.0/8 or 2001:db8::/32, or addresses';

/** A list, or text with commas, of networks and addresses. */
export const networksSetting = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((text) => text.trim()) : value),
  z.custom<readonly string[]>(
    (value) => Array.isArray(value) && value.every((item) => typeof item === 'string' && parseNetwork(item) !== null),
    rule,
  ),
);

/** The proxies whose word is taken on who is behind them. */
export class TrustedProxies {
  readonly #networks = new BlockList();
  readonly #isEmpty: boolean;

  constructor(networks: readonly string[]) {
    this.#isEmpty = networks.length === 0;
    for (const text of networks) {
      const network = parseNetwork(text);
      if (network !== null) this.#networks.addSubnet(network.address, network.prefix, network.family);
    }
  }

  includes(address: string): boolean {
    if (this.#isEmpty) return false;
    const plain = plainAddress(address);
    const version = isIP(plain);
    return version !== 0 && this.#networks.check(plain, version === 6 ? 'ipv6' : 'ipv4');
  }

  /** Who is at the other end: the peer, or, if that is a trusted proxy, the nearest address before it that is none. What
   *  stands further to the left may be written by anyone. */
  clientOf(peer: string, headers: ForwardedHeaders): string {
    let client = plainAddress(peer);
    if (!this.includes(client)) return client;
    for (const address of forwardedAddresses(headers).toReversed()) {
      // A proxy that hides an address vouches for no one before it.
      if (isIP(address) === 0) return client;
      client = plainAddress(address);
      if (!this.includes(client)) return client;
    }
    return client;
  }
}

function parseNetwork(text: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | null {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  const bits = version === 6 ? 128 : 32;
  if (version === 0 || address.includes('%') || Number(prefix ?? bits) > bits) return null;
  return { address, prefix: Number(prefix ?? bits), family: version === 6 ? 'ipv6' : 'ipv4' };
}

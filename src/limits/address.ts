import { isIP } from 'node:net';

/** What an address is counted as. */
export type AddressKey = string;

/** Who is counted together: an IPv4 address by itself, an IPv6 one with its /64, which is what one subscriber of a network is
 *  given (RFC 6177). Text that is no address stands for itself. */
export function addressKey(address: string): AddressKey {
  const plain = plainAddress(address);
  if (isIP(plain) !== 6 || plain === '::1') return plain;
  return `${groupsOf(plain).slice(0, 4).join(':')}::/64`;
}

/** IPv4 in its own form where it comes mapped into IPv6 (RFC 4291, 2.5.5.2), and no zone. */
export function plainAddress(address: string): string {
  // As nearly all are.
  if (/^[\d.]+$/.test(address)) return address;
  const text = address.replace(/%.*$/, '').toLowerCase();
  const [, dotted] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  if (dotted !== undefined && isIP(dotted) === 4) return dotted;
  if (isIP(text) !== 6) return text;
  const groups = groupsOf(text);
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return text;
  const [high, low] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return [high, low].flatMap((group = 0) => [group >> 8, group & 0xff]).join('.');
}

/** Whether it is this machine's own. */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || (plain.startsWith('127.') && isIP(plain) === 4);
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): readonly string[] {
  // A URL writes all its forms in one, without dots.
  const { hostname } = new URL(`http://[${address}]`);
  const [first = [], last = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => '0'), ...last];
}

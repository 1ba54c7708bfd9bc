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
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): readonly string[] {
  const [, before = '', dotted] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address) ?? [];
  const [a = 0, b = 0, c = 0, d = 0] = dotted?.split('.').map(Number) ?? [];
  const text = dotted === undefined ? address : `${before}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  const [head = '', tail] = text.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  const groups = [...first, ...Array.from({ length: zeros }, () => '0'), ...last];
  return groups.map((group) => Number.parseInt(group, 16).toString(16));
}

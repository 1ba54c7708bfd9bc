import { isIPv4 } from 'node:net';

interface ProxyHeaderOptions {
  readonly extensions?: Buffer;
  /** LOCAL: the proxy speaks for itself. */
  readonly isLocal?: boolean;
}

/** A header of the PROXY protocol, version 2, for a connection from the address. */
export function proxyHeader(
  address: string,
  { extensions = Buffer.alloc(0), isLocal = false }: ProxyHeaderOptions = {},
): Buffer {
  const source = addressBytes(address);
  const block = Buffer.concat([source, Buffer.alloc(source.length), Buffer.from([0x30, 0x39, 0x23, 0x28]), extensions]);
  const head = Buffer.from('0d0a0d0a000d0a515549540a00000000', 'hex');
  head.writeUInt8(isLocal ? 0x20 : 0x21, 12);
  head.writeUInt8(source.length === 4 ? 0x11 : 0x21, 13);
  head.writeUInt16BE(block.length, 14);
  return Buffer.concat([head, block]);
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  // A URL writes it in one form, without dots.
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = text.split('::');
  const [first, last] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':'))) as [string[], string[]];
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - first.length - last.length }, () => '0');
  const bytes = Buffer.alloc(16);
  [...first, ...zeros, ...last].forEach((group, at) => bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * at));
  return bytes;
}

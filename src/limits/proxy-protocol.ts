/** The binary header of the PROXY protocol, version 2 (https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt, 2.2). */
const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const headBytes = 16;
/** With its TLVs. The protocol has room for 64 KiB, and asks senders to stay below what fits in one segment. */
const maxBytes = 4_096;
const families = { ipv4: 1, ipv6: 2 } as const;

export type ProxyHeader =
  /** What has come may still become a header. */
  | { readonly kind: 'incomplete' }
  /** It is not a header, and never becomes one. */
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly error: string }
  /** `address` is null when the proxy speaks for itself (`LOCAL`, or a family without addresses). */
  | { readonly kind: 'header'; readonly bytes: number; readonly address: string | null };

/** Reads the header at the beginning of what has come so far. */
export function readProxyHeader(input: Buffer): ProxyHeader {
  const known = Math.min(input.length, signature.length);
  if (input.compare(signature, 0, known, 0, known) !== 0) return { kind: 'none' };
  if (input.length < headBytes) return { kind: 'incomplete' };
  const [version, command] = [input.readUInt8(12) >> 4, input.readUInt8(12) & 0x0f];
  if (version !== 2) return invalid(`version must be 2; got ${String(version)}`);
  if (command > 1) return invalid(`command must be 0 (LOCAL) or 1 (PROXY); got ${String(command)}`);
  const length = input.readUInt16BE(14);
  if (length > maxBytes) return invalid(`length must be at most ${String(maxBytes)} bytes; got ${String(length)}`);
  const bytes = headBytes + length;
  if (input.length < bytes) return { kind: 'incomplete' };
  const address = command === 0 ? null : sourceAddress(input.readUInt8(13) >> 4, input.subarray(headBytes, bytes));
  if (address === undefined) return invalid('its addresses are cut off');
  return { kind: 'header', bytes, address };
}

/** Whether a connection that is no proxy's begins as one, in either version of the protocol. */
export function looksLikeProxyHeader(input: Buffer): boolean {
  return startsWith(input, signature) || startsWith(input, Buffer.from('PROXY '));
}

function startsWith(input: Buffer, beginning: Buffer): boolean {
  return input.length >= beginning.length && input.subarray(0, beginning.length).equals(beginning);
}

function sourceAddress(family: number, block: Buffer): string | null | undefined {
  if (family === families.ipv4) return block.length < 12 ? undefined : [...block.subarray(0, 4)].join('.');
  if (family !== families.ipv6) return null;
  if (block.length < 36) return undefined;
  const groups = Array.from({ length: 8 }, (_, at) => block.readUInt16BE(2 * at).toString(16)).join(':');
  return groups;
}

function invalid(error: string): ProxyHeader {
  return { kind: 'invalid', error: `PROXY header: ${error}` };
}

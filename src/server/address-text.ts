/** An address as people write it, from its bytes; IPv4 in its own form where it comes mapped into IPv6 (RFC 4291, 2.5.5.2). */
export function addressText(address: ArrayBuffer): string {
  const bytes = new Uint8Array(address);
  const isMapped = bytes.length === 16 && bytes.subarray(0, 12).every((byte, at) => byte === (at < 10 ? 0 : 0xff));
  if (bytes.length === 4 || isMapped) return bytes.subarray(-4).join('.');
  const groups = Array.from(
    { length: bytes.length / 2 },
    (_, at) => (bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0),
  );
  return groups
    .map((group) => group.toString(16))
    .join(':')
    .replace(/(^|:)0(:0)+(:|$)/, '::');
}

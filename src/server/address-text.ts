/** An address as people write it, from its bytes; IPv4 in its own form where it comes mapped into IPv6 (RFC 4291, 2.5.5.2). */
export function addressText(address: ArrayBuffer): string {
  const bytes = new Uint8Array(address);
  if (bytes.length === 4 || isMapped(bytes)) return bytes.subarray(-4).join('.');
  const groups = Array.from(
    { length: bytes.length / 2 },
    (_, at) => (bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0),
  );
  return groups
    .map((group) => group.toString(16))
    .join(':')
    .replace(/(^|:)0(:0)+(:|$)/, '::');
}

/** A loop, since it is asked of each request. */
function isMapped(bytes: Uint8Array): boolean {
  for (let at = 0; at < 12; at += 1) {
    if (bytes[at] !== (at < 10 ? 0 : 0xff)) return false;
  }
  return bytes.length === 16;
}

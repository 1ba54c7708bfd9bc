/** The headers as they came, empty when they did not. One of them is. */
export interface ForwardedHeaders {
  readonly forwarded: string;
  readonly xForwardedFor: string;
}

/** The addresses that proxies have added, the last one's at the end; what is not an address is there as it is.
 *  `Forwarded` is that of RFC 7239. */
export function forwardedAddresses({ forwarded, xForwardedFor }: ForwardedHeaders): readonly string[] {
  if (forwarded !== '') return forwarded.split(',').map((element) => addressOf(forOf(element)));
  return xForwardedFor === '' ? [] : xForwardedFor.split(',').map(addressOf);
}

/** The value of `for=` in one element. Commas and semicolons do not occur in an address, so quotes need no more care. */
function forOf(element: string): string {
  const pair = element.split(';').find((text) => /^\s*for=/i.test(text)) ?? '';
  return pair.replace(/^\s*for=/i, '');
}

/** Without quotes, brackets and port: `"[2001:db8::1]:4711"` is `2001:db8::1`. */
function addressOf(node: string): string {
  const text = node.trim().replace(/^"(.*)"$/, '$1');
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(text) ?? [];
  return bracketed ?? text.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
}

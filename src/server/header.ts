/** A header, or several as one: see {@link together}. */
export type Header = readonly [name: string | Buffer, value: string | Buffer];

/** Several headers that uWebSockets.js writes in one call, of which each costs: it copies names and values as they are, so
 *  that the value of the first may hold the lines of the others. For constants alone, never for what comes from outside. */
export function together(headers: readonly (readonly [name: string, value: string])[]): Header {
  const lines = headers.map(([name, value]) => `${name}: ${value}`).join('\r\n');
  const nameEnd = lines.indexOf(': ');
  return [Buffer.from(lines.slice(0, nameEnd)), Buffer.from(lines.slice(nameEnd + 2))];
}

const jsonType = together([
  ['Content-Type', 'application/json; charset=utf-8'],
  ['Cache-Control', 'no-store'],
]);

/** Of an answer in JSON; `retryAfter`, in seconds, is told where the status asks for it. */
export function jsonHeaders(status: number, retryAfter: number): readonly Header[] {
  const headers: Header[] = [jsonType];
  if (status === 401) headers.push(['WWW-Authenticate', 'Bearer']);
  if (status === 503 || status === 429) headers.push(['Retry-After', String(retryAfter)]);
  return headers;
}

/** The token of a line `{"token":"…"}`; undefined for any other line. */
export function tokenIn(line: Buffer): string | undefined {
  if (!line.includes('"token"')) return undefined;
  try {
    const value = JSON.parse(line.toString('utf8')) as { token?: unknown } | null;
    const isAlone = typeof value === 'object' && value !== null && Object.keys(value).length === 1;
    return isAlone && typeof value.token === 'string' ? value.token : undefined;
  } catch {
    return undefined;
  }
}

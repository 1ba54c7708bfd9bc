/** What the language compares: a text itself, a number or a boolean as its JSON text. Null, an object or an array, and
 *  what is missing, are nothing to compare with. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

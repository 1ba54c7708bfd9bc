/** What the language compares: a text itself, a number or a boolean as its JSON text. Null, an object or an array, and
 *  what is missing, are nothing to compare with. */
export function scalarText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return undefined;
  }
}

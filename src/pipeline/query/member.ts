import { fold } from './fold.ts';

/** What the names lead to, one inside the other. Own properties of objects alone count, so that neither `constructor` nor
 *  an array's `length` is a name. */
export function memberOf(container: unknown, names: readonly string[]): unknown {
  let value = container;
  for (const name of names) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
      return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/** What the language compares: a text itself, a number or a boolean as its JSON text, folded. Null, an object or an
 *  array, and what is missing, are nothing to compare with. */
export function foldScalar(value: unknown): string | undefined {
  if (typeof value === 'string') return fold(value);
  return typeof value === 'number' || typeof value === 'boolean' ? fold(String(value)) : undefined;
}

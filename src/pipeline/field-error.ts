import type { JsonValue } from './event.ts';

/** One field of a draft breaks its rule. Not an `Error`, which would take its stack: that costs six times the parsing, and
 *  whoever floods the hub with invalid drafts would hold up everyone. */
export class FieldError {
  /** `field: rule; got value`. */
  readonly message: string;

  constructor(field: string, rule: string, got: JsonValue | undefined) {
    this.message = `${field}: ${rule}; got ${shown(got)}`;
  }
}

/** Throws a {@link FieldError}. */
export function refuseField(field: string, rule: string, got: JsonValue | undefined): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  throw new FieldError(field, rule, got);
}

/** Long enough to recognise a value by, short enough for an answer line. */
const maxShownLength = 80;

/** A value as error messages show it: JSON, cut short; containers by what they are. */
export function shown(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  if (value.length <= maxShownLength) return JSON.stringify(value.toWellFormed());
  return `${JSON.stringify(value.slice(0, maxShownLength).toWellFormed())}… (${String(value.length)} characters)`;
}

/** A name as part of a place in error messages, cut short. */
export function shownName(name: string): string {
  return name.length <= maxShownLength ? name : `${name.slice(0, maxShownLength).toWellFormed()}…`;
}

/** What `JSON.parse` says of a text. It quotes a piece, which may end in the middle of a character. */
export function shownSyntaxError(error: unknown): string {
  return (error as Error).message.toWellFormed();
}

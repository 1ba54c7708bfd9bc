import type { JsonValue, RecordedEvent } from '../../src/pipeline/event.ts';

/** One value of an event, as the panel lists it. */
export interface FieldValue {
  /** As the query language names it where it can: `key`, `label.site`, `data.lag_s`. */
  readonly name: string;
  readonly text: string;
  /** Whether a search can ask for it. */
  readonly isSearchable: boolean;
}

/** A query may have 2 KiB; a longer value would leave no room for what else is asked for. */
const maxSearchable = 600;
const bareName = /^[^\s:<>="().*]+$/;

/** The values of an event, from what every event has to what this one brought along. */
export function fieldsOf(event: RecordedEvent): readonly FieldValue[] {
  const { severity, source, channel, key, status, id } = event;
  const common = Object.entries({ severity, source, channel, key, status, id }).map(([name, text]) =>
    field(name, text),
  );
  const labels = Object.entries(event.labels ?? {}).map(([name, text]) => field(`label.${labelName(name)}`, text));
  return [...common, ...labels, ...(event.data === undefined ? [] : leavesOf('data', event.data))];
}

/** Nested objects are spelt out as paths. A list is shown as its JSON: the language has no name for what is in it. */
function leavesOf(path: string, value: JsonValue): readonly FieldValue[] {
  if (typeof value === 'string') return [field(path, value)];
  if (typeof value === 'number' || typeof value === 'boolean') return [field(path, String(value))];
  const members =
    value === null || Array.isArray(value) ? [] : Object.entries(value as Readonly<Record<string, JsonValue>>);
  if (members.length === 0) return [{ name: path, text: JSON.stringify(value), isSearchable: false }];
  return members.flatMap(([name, member]) => leavesOf(`${path}.${quotedName(name)}`, member));
}

function field(name: string, text: string): FieldValue {
  // A control character does not survive the search box.
  const isSearchable = text.length <= maxSearchable && name.length <= maxSearchable && !/\p{Cc}/u.test(text);
  return { name, text, isSearchable };
}

/** A label's name may hold dots, the language joins them again. */
function labelName(name: string): string {
  return name.split('.').every((part) => bareName.test(part)) ? name : quotedName(name);
}

function quotedName(name: string): string {
  return bareName.test(name) ? name : `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

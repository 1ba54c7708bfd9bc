import type { JsonObject, JsonValue } from './event.ts';
import { refuseField } from './field-error.ts';
import { setOwn } from './own-property.ts';

const draftFields: ReadonlySet<string> = new Set([
  'message',
  'source',
  'severity',
  'id',
  'time',
  'key',
  'status',
  'labels',
  'data',
]);

/** The draft's `data` with every top-level field that the hub has no use for added under its own name, as `_name` when
 *  `data` has that name already: nothing a producer sends is dropped. `timeFrom` is the field that gave the time. */
export function collectData(fields: JsonObject, timeFrom: string | null): JsonObject | null {
  const given = readData(fields['data']);
  let data: Record<string, JsonValue> | null = null;
  for (const name of Object.keys(fields)) {
    if (draftFields.has(name) || name === timeFrom) continue;
    data ??= copyOf(given ?? {});
    setOwn(data, freeName(data, name), fields[name] as JsonValue);
  }
  return data ?? given;
}

function readData(given: JsonValue | undefined): JsonObject | null {
  if (given === undefined || given === null) return null;
  if (typeof given === 'object' && !Array.isArray(given)) return given as JsonObject;
  refuseField('data', 'must be a JSON object', given);
}

function freeName(taken: object, name: string): string {
  let free = name;
  while (Object.hasOwn(taken, free)) free = `_${free}`;
  return free;
}

function copyOf(data: JsonObject): Record<string, JsonValue> {
  const copy: Record<string, JsonValue> = {};
  for (const name of Object.keys(data)) setOwn(copy, name, data[name] as JsonValue);
  return copy;
}

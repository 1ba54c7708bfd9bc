import { collectData } from './draft-data.ts';
import { readKey, readLabels, readMessage, readSeverity, readSource, readStatus, readId } from './draft-fields.ts';
import { draftLimits, type DraftShape } from './draft-limits.ts';
import { readTime } from './draft-time.ts';
import type { EventDraft, JsonObject, JsonValue } from './event.ts';
import { newEventId } from './event-id.ts';
import { FieldError, shown, shownSyntaxError } from './field-error.ts';
import { findShapeFault } from './json-shape.ts';
import type { Outcome } from './outcome.ts';

export type ParsedDraft =
  { readonly ok: true; readonly draft: EventDraft } | { readonly ok: false; readonly outcome: Outcome };

/** Reads one draft from its JSON text. Text that is not one JSON object is `invalid_json`; a field that breaks its
 *  rule is `invalid_event` with the field, the rule and the value. Never throws, whatever the text.
 *  `idFromOutside` is an id given beside the text (the `Idempotency-Key` header). */
export function parseDraftText(text: string, idFromOutside?: string, shape: DraftShape = draftLimits): ParsedDraft {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    return refused('invalid_json', `event: must be one JSON object; ${shownSyntaxError(error)}`);
  }
  if (!isObject(value)) return refused('invalid_json', `event: must be one JSON object; got ${shown(value)}`);
  return parseDraft(value, text.includes('\\u'), idFromOutside, shape);
}

/** The same for a value that has been parsed already. `checkText` is false only when its JSON text held no `\u`. */
export function parseDraft(
  value: JsonValue,
  checkText: boolean,
  idFromOutside?: string,
  shape: DraftShape = draftLimits,
): ParsedDraft {
  if (!isObject(value)) return refused('invalid_event', `event: must be a JSON object; got ${shown(value)}`);
  const fault = findShapeFault(value, checkText, shape);
  if (fault !== undefined) return refused('invalid_event', fault, givenId(value));
  try {
    return { ok: true, draft: readDraft(value, idFromOutside) };
  } catch (error) {
    if (error instanceof FieldError) return refused('invalid_event', error.message, givenId(value));
    throw error;
  }
}

/** A draft over the size limit, which is not looked into. */
export function tooLarge(what: string, maxBytes: number = draftLimits.maxBytes): Outcome {
  return {
    kind: 'rejected',
    code: 'too_large',
    error: `${what}: must be at most ${String(maxBytes)} bytes`,
  };
}

function readDraft(fields: JsonObject, idFromOutside: string | undefined): EventDraft {
  const source = readSource(fields['source']);
  const time = readTime(fields);
  const statusGiven = fields['status'] !== undefined && fields['status'] !== null;
  const id = readId(fields['id'], idFromOutside);
  return {
    id: id ?? newEventId(),
    idGiven: id !== undefined,
    time: time.at,
    source,
    severity: readSeverity(fields['severity']),
    message: readMessage(fields['message']),
    key: readKey(fields['key']) ?? source,
    status: readStatus(fields['status']),
    statusGiven,
    labels: readLabels(fields['labels']),
    data: collectData(fields, time.from),
  };
}

function refused(code: 'invalid_json' | 'invalid_event', error: string, id?: string): ParsedDraft {
  return { ok: false, outcome: { kind: 'rejected', code, error, ...(id === undefined ? {} : { id }) } };
}

/** The id to answer a refused draft with, so that a producer can tell which one it was. */
function givenId(fields: JsonObject): string | undefined {
  const id = fields['id'];
  return typeof id === 'string' && id.length > 0 && id.length <= draftLimits.maxIdLength && id.isWellFormed()
    ? id
    : undefined;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { draftLimits } from './draft-limits.ts';
import { severities, type JsonValue, type Severity, type Status } from './event.ts';
import { refuseField } from './field-error.ts';
import { setOwn } from './own-property.ts';
import { severityByName } from './severity-names.ts';

type Given = JsonValue | undefined;

export function readMessage(value: Given): string {
  if (typeof value !== 'string') refuseField('message', 'must be a string and is required', value);
  if (value === '') refuseField('message', 'must not be empty', value);
  // A UTF-16 unit is at most three bytes of UTF-8, so that most messages need no counting.
  if (value.length * 3 > draftLimits.maxMessageBytes && Buffer.byteLength(value) > draftLimits.maxMessageBytes) {
    refuseField('message', `must be at most ${String(draftLimits.maxMessageBytes)} bytes`, value);
  }
  return value;
}

export function readSource(value: Given): string {
  return readText('source', value, draftLimits.maxSourceLength) ?? 'unknown';
}

export function readKey(value: Given): string | undefined {
  return readText('key', value, draftLimits.maxKeyLength);
}

/** The id in the draft, or the one given beside it; both only when they are the same. */
export function readId(value: Given, fromOutside: string | undefined): string | undefined {
  const id = readText('id', value, draftLimits.maxIdLength);
  if (fromOutside === undefined) return id;
  // RFC 9110, 5.5: other bytes of a header have no certain meaning, and the server does not pass all of them on.
  if (!/^[\x20-\x7e]*$/.test(fromOutside)) {
    refuseField('Idempotency-Key', 'must be printable ASCII; give other ids as id in the event', fromOutside);
  }
  if (id !== undefined && id !== fromOutside) {
    refuseField('id', `must equal the Idempotency-Key header ${JSON.stringify(fromOutside)}`, id);
  }
  return readText('Idempotency-Key', fromOutside, draftLimits.maxIdLength);
}

export function readSeverity(value: Given): Severity {
  if (value === undefined || value === null) return 'info';
  const severity = typeof value === 'string' ? severityByName(value) : undefined;
  if (severity === undefined) refuseField('severity', `must be one of ${severities.join(', ')}`, value);
  return severity;
}

export function readStatus(value: Given): Status {
  if (value === undefined || value === null || value === 'firing') return 'firing';
  if (value === 'resolved') return 'resolved';
  refuseField('status', 'must be one of firing, resolved', value);
}

export function readLabels(value: Given): Readonly<Record<string, string>> | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) refuseField('labels', 'must be an object', value);
  const entries = Object.entries(value);
  if (entries.length > draftLimits.maxLabels) {
    refuseField('labels', `must have at most ${String(draftLimits.maxLabels)} names`, entries.length);
  }
  const labels: Record<string, string> = {};
  for (const [name, label] of entries) setOwn(labels, name, readLabel(name, label));
  return labels;
}

function readLabel(name: string, value: JsonValue): string {
  if (name.length > draftLimits.maxLabelNameLength) {
    refuseField('labels', `must have names of at most ${String(draftLimits.maxLabelNameLength)} characters`, name);
  }
  const text = typeof value === 'number' || typeof value === 'boolean' ? JSON.stringify(value) : value;
  if (typeof text !== 'string') refuseField(`labels.${name}`, 'must be a string, number or boolean', value);
  if (text.length > draftLimits.maxLabelValueLength) {
    refuseField(`labels.${name}`, `must be at most ${String(draftLimits.maxLabelValueLength)} characters`, text);
  }
  return text;
}

function readText(field: string, value: Given, maxLength: number): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length < 1 || value.length > maxLength) {
    refuseField(field, `must be a string of 1 to ${String(maxLength)} characters`, value);
  }
  return value;
}

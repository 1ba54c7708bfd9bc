import type { Draft } from '../client/publisher.ts';
import type { RecordedEvent } from '../pipeline/event.ts';
import { draftOf } from './recorded-draft.ts';

/** What a line of an import stands for. Decisions belong to the log that made them, and are passed over. */
export type ImportLine =
  | { readonly kind: 'draft'; readonly draft: Draft }
  | { readonly kind: 'decision' }
  | { readonly kind: 'fault'; readonly code: string; readonly error: string };

/** Reads a line that `export` wrote, or a draft with an id. */
export function readImportLine(text: string): ImportLine {
  const value = parseObject(text);
  if (value === undefined) return { kind: 'fault', code: 'invalid_json', error: 'line: must be one JSON object' };
  const { position, type, id } = value;
  if (typeof position === 'number' && typeof type === 'string') {
    if (type !== 'event') return { kind: 'decision' };
    return { kind: 'draft', draft: draftOf(value as unknown as RecordedEvent) };
  }
  if (typeof id === 'string') return { kind: 'draft', draft: value };
  const error = 'id: is needed, so that it is recorded once however often it is imported; or use "alert-hub send"';
  return { kind: 'fault', code: 'invalid_event', error };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

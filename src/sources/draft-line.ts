import { isUtf8 } from 'node:buffer';
import { parseDraftText, type ParsedDraft } from '../pipeline/draft.ts';

const notUtf8: ParsedDraft = {
  ok: false,
  outcome: { kind: 'rejected', code: 'invalid_json', error: 'event: must be valid UTF-8' },
};

/** See `parseDraftText`; bytes that are no UTF-8 are `invalid_json`. */
export function parseDraftLine(bytes: Buffer): ParsedDraft {
  return isUtf8(bytes) ? parseDraftText(bytes.toString('utf8')) : notUtf8;
}

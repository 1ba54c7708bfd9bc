import type { SourceList } from '../pipeline/access.ts';
import { draftLimits } from '../pipeline/draft-limits.ts';
import { parseDraft, tooLarge } from '../pipeline/draft.ts';
import type { JsonValue } from '../pipeline/event.ts';
import type { Outcome } from '../pipeline/outcome.ts';
import type { Emitter } from './emitter.ts';

/** Parses and emits the drafts of one JSON text that holds several, each with its own size. */
export function emitItems(
  items: readonly JsonValue[],
  text: string,
  emitter: Emitter,
  settleNext: () => (outcome: Outcome) => void,
  sources: SourceList,
): void {
  const checkText = text.includes('\\u');
  const refusal = emitter.refusal();
  const fairShare = Math.ceil(text.length / Math.max(1, items.length));
  for (const item of items) {
    const settle = settleNext();
    // In a text that is small as a whole no item can be too large.
    const bytes = text.length * 3 <= draftLimits.maxBytes ? fairShare : sizeOf(item);
    if (bytes > draftLimits.maxBytes) {
      settle(tooLarge('event'));
      continue;
    }
    const parsed = parseDraft(item, checkText);
    if (!parsed.ok) settle(parsed.outcome);
    else if (refusal !== undefined) settle(refusal);
    else emitter.emit(parsed.draft, bytes, settle, sources);
  }
}

/** Bytes of the item as JSON; 0 for one that is nested too deep to be written, which parsing refuses. */
function sizeOf(item: JsonValue): number {
  try {
    return Buffer.byteLength(JSON.stringify(item));
  } catch {
    return 0;
  }
}

import { parseDraftText } from '../../src/pipeline/draft.ts';
import type { EventDraft } from '../../src/pipeline/event.ts';
import type { Outcome } from '../../src/pipeline/outcome.ts';

/** The draft that the text is read as; throws when it is refused. */
export function draftOf(text: string): EventDraft {
  const parsed = parseDraftText(text);
  if (!parsed.ok) throw new Error(`refused: ${JSON.stringify(parsed.outcome)}`);
  return parsed.draft;
}

/** Why the text is refused; throws when it is not. */
export function refusalOf(text: string): Extract<Outcome, { kind: 'rejected' }> {
  const parsed = parseDraftText(text);
  if (parsed.ok || parsed.outcome.kind !== 'rejected') throw new Error(`not refused: ${JSON.stringify(parsed)}`);
  return parsed.outcome;
}

/** A draft's text: these fields and a message. */
export function draftText(fields: object = {}): string {
  return JSON.stringify({ message: 'm', ...fields });
}

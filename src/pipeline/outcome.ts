import type { Code } from './codes.ts';
import type { Position } from './event.ts';

/** What became of one draft. `accepted` and `duplicate` mean: committed and fsynced at `position`. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly id: string; readonly position: Position }
  | { readonly kind: 'duplicate'; readonly id: string; readonly position: Position }
  | {
      readonly kind: 'rejected';
      readonly code: Code;
      readonly error: string;
      readonly id?: string;
      /** Whole seconds, with `rate_limited`. */
      readonly retryAfter?: number;
    }
  | {
      /** Not the producer's fault: not recorded (`unavailable`, `storage_full`), or not known to be (`in_doubt`). */
      readonly kind: 'failed';
      readonly code: 'unavailable' | 'in_doubt' | 'storage_full';
      readonly error: string;
      readonly id?: string;
    };

/** The outcome as the answer that every channel sends, as JSON text. */
export function verdictText(outcome: Outcome): string {
  if (outcome.kind === 'accepted' || outcome.kind === 'duplicate') {
    const duplicate = outcome.kind === 'duplicate' ? ',"duplicate":true' : '';
    return `{"ok":true,"id":${JSON.stringify(outcome.id)},"position":${String(outcome.position)}${duplicate}}`;
  }
  const id = outcome.id === undefined ? '' : `,"id":${JSON.stringify(outcome.id)}`;
  const hasWait = outcome.kind === 'rejected' && outcome.retryAfter !== undefined;
  const wait = hasWait ? `,"retryAfter":${String(outcome.retryAfter)}` : '';
  return `{"ok":false,"code":"${outcome.code}","error":${JSON.stringify(outcome.error)}${id}${wait}}`;
}

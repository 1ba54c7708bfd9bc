import type { Position } from '../pipeline/event.ts';

/** The hub's answer to one draft (contract, section 3). */
export type Verdict =
  { readonly ok: true; readonly id: string; readonly position: Position; readonly duplicate?: true } | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly code: string;
  readonly error: string;
  readonly id?: string;
}

const passing: ReadonlySet<string> = new Set(['unavailable', 'in_doubt', 'storage_full', 'rate_limited']);

/** Whether the same draft may get another answer later: then it is sent again, with the same id. */
export function isPassing(code: string): boolean {
  return passing.has(code);
}

/** A value as a verdict, or undefined when it is none. */
export function readVerdict(value: unknown): Verdict | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { ok, id, position, code, error } = value as Record<string, unknown>;
  if (ok === true && typeof id === 'string' && typeof position === 'number') return value as Verdict;
  if (ok === false && typeof code === 'string' && typeof error === 'string') return value as Verdict;
  return undefined;
}

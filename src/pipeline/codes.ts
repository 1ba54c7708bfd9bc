import type { Position } from './event.ts';

/** Why something was refused, the same words on every channel, each with its HTTP status. */
export const httpStatusByCode = {
  invalid_json: 400,
  invalid_event: 400,
  invalid_query: 400,
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  id_conflict: 409,
  gone: 410,
  wrong_epoch: 410,
  too_large: 413,
  unsupported_type: 415,
  rate_limited: 429,
  unavailable: 503,
  in_doubt: 503,
  storage_full: 507,
} as const;

export type Code = keyof typeof httpStatusByCode;

/** What is said with the code `gone`. */
export function goneText(position: Position, first: Position): string {
  return `position ${String(position)} is no longer kept; the first is ${String(first)}`;
}

/** A refusal that a client can act on: a stable code and a sentence for people. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: Code;
  /** Whole seconds after which it may be tried again, where that is known. */
  readonly retryAfter: number | undefined;

  constructor(code: Code, message: string, retryAfter?: number) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

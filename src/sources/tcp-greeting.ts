import { mayDo, type Access, type AccessFailure, type Principal } from '../pipeline/access.ts';

/** What the first line of a connection says about who sends. */
export type Greeting =
  /** Nothing: it is a draft, from anyone. */
  | { readonly kind: 'draft' }
  | { readonly kind: 'welcome'; readonly principal: Principal }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Why a connection ends. */
export interface Refusal {
  readonly code: 'unauthorized' | 'forbidden' | 'invalid_json' | 'rate_limited';
  readonly error: string;
  /** Seconds. */
  readonly retryAfter?: number;
  /** How long the answer waits: whoever tries many tokens is to be slow. */
  readonly afterMs?: number;
  /** Absent where a valid token was shown. */
  readonly shown?: AccessFailure['shown'];
}

const tokenWrong: Refusal = {
  code: 'unauthorized',
  error: 'the token is not valid',
  afterMs: 150,
  shown: 'a wrong token',
};

export const tokenMissing: Refusal = {
  code: 'unauthorized',
  error: 'a token is needed: send {"token":"…"} as the first line',
  shown: 'no token',
};

export const tooManyWithToken: Refusal = {
  code: 'rate_limited',
  error: 'too many connections with this token; close some, or wait',
  retryAfter: 1,
};

export function readGreeting(line: Buffer, access: Access): Greeting {
  const token = tokenIn(line);
  if (token === undefined) {
    return access.anonymous === null ? { kind: 'refused', refusal: tokenMissing } : { kind: 'draft' };
  }
  const principal = access.authenticate(token) ?? access.anonymous;
  if (principal === null) return { kind: 'refused', refusal: tokenWrong };
  if (mayDo(principal, 'ingest')) return { kind: 'welcome', principal };
  const error = `sending needs a token with the role ingest; this one has ${principal.role}`;
  return { kind: 'refused', refusal: { code: 'forbidden', error } };
}

/** The token of a line `{"token":"…"}`; undefined for any other line. */
function tokenIn(line: Buffer): string | undefined {
  if (!line.includes('"token"')) return undefined;
  try {
    const value = JSON.parse(line.toString('utf8')) as { token?: unknown } | null;
    const isAlone = typeof value === 'object' && value !== null && Object.keys(value).length === 1;
    return isAlone && typeof value.token === 'string' ? value.token : undefined;
  } catch {
    return undefined;
  }
}

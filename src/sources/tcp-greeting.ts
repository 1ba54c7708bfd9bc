import { mayDo, type Access, type Principal } from '../pipeline/access.ts';

/** What the first line of a connection says about who sends. */
export type Greeting =
  /** Nothing: it is a draft, from anyone. */
  | { readonly kind: 'draft' }
  | { readonly kind: 'welcome'; readonly principal: Principal }
  | {
      readonly kind: 'refused';
      readonly code: 'unauthorized' | 'forbidden';
      readonly error: string;
      /** How long the answer waits: whoever tries many tokens is to be slow. */
      readonly afterMs: number;
    };

const wrongTokenMs = 150;

export const tokenMissing: Greeting & { kind: 'refused' } = {
  kind: 'refused',
  code: 'unauthorized',
  error: 'a token is needed: send {"token":"…"} as the first line',
  afterMs: 0,
};

export function readGreeting(line: Buffer, access: Access): Greeting {
  const token = tokenIn(line);
  if (token === undefined) return access.anonymous === null ? tokenMissing : { kind: 'draft' };
  const principal = access.authenticate(token) ?? access.anonymous;
  if (principal === null) {
    return { kind: 'refused', code: 'unauthorized', error: 'the token is not valid', afterMs: wrongTokenMs };
  }
  if (mayDo(principal, 'ingest')) return { kind: 'welcome', principal };
  const error = `sending needs a token with the role ingest; this one has ${principal.role}`;
  return { kind: 'refused', code: 'forbidden', error, afterMs: 0 };
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

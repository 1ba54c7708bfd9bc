import type { Outcome } from './outcome.ts';

/** `ingest` sends events and reads nothing, `read` reads everything and changes nothing, `admin` may do all. */
export const roles = ['ingest', 'read', 'admin'] as const;
export type Role = (typeof roles)[number];

/** The sources that events may be sent as; null is any. */
export type SourceList = ReadonlySet<string> | null;

/** Who is at the other end of a request or a connection, and what they may do. */
export interface Principal {
  /** For people. */
  readonly name: string;
  /** The id of the token that they have shown, or null. */
  readonly token: string | null;
  readonly role: Role;
  readonly sources: SourceList;
  /** Milliseconds since 1970, or null. */
  readonly expires: number | null;
  /** Calls back, once, when this is no longer so: what was opened by it must then be closed. Returns how to take that
   *  back. */
  onEnd(callback: () => void): () => void;
}

/** Where somebody shows who they are; `login` is the page's. */
export const accessChannels = ['tcp', 'http', 'ws', 'login'] as const;
export type AccessChannel = (typeof accessChannels)[number];

/** Somebody was refused for want of a valid token. */
export interface AccessFailure {
  readonly channel: AccessChannel;
  readonly address: string;
  readonly shown: 'no token' | 'a wrong token' | 'a login that is over';
}

/** Tells who somebody is by the token that they show. */
export interface Access {
  /** Everyone, as long as no token was made; then null. */
  readonly anonymous: Principal | null;
  /** Null when the secret is of no token in force. Takes the same time for any wrong one. */
  authenticate(secret: string): Principal | null;
  /** Counts a refusal, and has the hub's own log say so if it has not lately. */
  failed(failure: AccessFailure): void;
}

export function mayDo(principal: Principal, needs: Role): boolean {
  return principal.role === 'admin' || principal.role === needs;
}

/** Who it is, for a record of what they did: never a secret. */
export function whoIs({ name, token }: Principal): string {
  return token === null ? name : `${name} (${token})`;
}

/** Why a draft of this source may not be sent, or undefined. */
export function sourceRefusal(
  { id, source }: { readonly id: string; readonly source: string },
  sources: SourceList,
): Outcome | undefined {
  if (sources === null || sources.has(source)) return undefined;
  const error = `source: the token allows ${[...sources].join(', ')}; got ${JSON.stringify(source)}`;
  return { kind: 'rejected', code: 'forbidden', error, id };
}

import type { Principal, Role } from './access.ts';

/** A token as people see it, with the names that it has in JSON. */
export interface TokenInfo {
  /** Eight hexadecimal digits, part of the token itself. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** The sources that it may send as; null is any. */
  readonly sources: readonly string[] | null;
  /** RFC 3339, as `expires`. */
  readonly created: string;
  readonly expires: string | null;
}

export interface TokenRequest {
  readonly name: string;
  readonly role: Role;
  readonly sources: readonly string[] | null;
  /** Milliseconds since 1970. */
  readonly expires: number | null;
}

/** A token that was just made. `token` is the secret, which nobody can be shown again. */
export interface NewToken extends TokenInfo {
  readonly token: string;
}

export interface RotatedToken extends NewToken {
  /** As it is now. */
  readonly replaces: TokenInfo;
}

/** Makes and revokes tokens. `by` is whoever asked, for the record of it. What is done is on the disk, and in force, when it
 *  resolves; it rejects with `not_found` when there is no such token. */
export interface TokenDesk {
  list(): readonly TokenInfo[];
  create(request: TokenRequest, by: string): Promise<NewToken>;
  /** A new token in place of one that goes on for `overlapMs`. */
  rotate(id: string, overlapMs: number, by: string): Promise<RotatedToken>;
  revoke(id: string, by: string): Promise<TokenInfo>;
}

/** A login of the dashboard, with the names that it has in JSON. */
export interface SessionInfo {
  readonly id: string;
  /** The token that it was made with, and ends with. */
  readonly token: { readonly id: string; readonly name: string };
  readonly role: Role;
  /** RFC 3339, as the ones that follow. */
  readonly created: string;
  /** Last. */
  readonly used: string;
  readonly expires: string;
  /** Where the login came from. */
  readonly address: string;
  /** Whether whoever asked is this one. */
  readonly current: boolean;
}

export interface NewSession {
  readonly id: string;
  /** Proves the session; whoever has it is let in. */
  readonly secret: string;
  readonly principal: Principal;
}

/** Logins. Kept on the disk, so that a restart logs nobody out. */
export interface SessionDesk {
  /** Null when the token is not in force. Rejects with `forbidden` when it may not read. */
  open(token: string, address: string): Promise<NewSession | null>;
  /** Null when the secret is of no session in force. */
  authenticate(secret: string): Principal | null;
  /** `secret` is that of whoever asks, or null. */
  list(secret: string | null): readonly SessionInfo[];
  /** Rejects with `not_found` when there is no such session. */
  end(id: string, by: string): Promise<void>;
  /** Ends the one of this secret, if there is one. */
  logout(secret: string): Promise<void>;
}

import fs from 'node:fs';
import path from 'node:path';
import { roles, type Role } from '../pipeline/access.ts';
import type { NewToken, RotatedToken, TokenInfo, TokenRequest } from '../pipeline/access-desks.ts';
import { RefusedError } from '../pipeline/codes.ts';
import { givenTokenName } from '../pipeline/token-request.ts';
import { KeptList } from './kept-list.ts';
import { hashOf, isSameHash, newId, newSecret } from './secret.ts';

/** A token as it is kept: what it is, and the hash of it. */
interface StoredToken extends TokenInfo {
  readonly hash: string;
}

/** How long one that has expired is still listed. */
const keepExpiredMs = 30 * 86_400_000;

function tokenFileOf(dataDir: string): string {
  return path.join(dataDir, 'tokens.json');
}

/** Whether a token was ever made there: from then on everyone needs one, also when all of them are revoked. */
export function hasTokens(dataDir: string): boolean {
  return fs.existsSync(tokenFileOf(dataDir));
}

/** The tokens, in `tokens.json` of the data directory. Not in the log: that is backed up and copied, and its oldest records
 *  are removed. */
export class Tokens {
  readonly #kept: KeptList<StoredToken>;
  readonly #clock: () => number;

  /** Throws when the file is damaged. */
  constructor(dataDir: string, clock: () => number) {
    this.#kept = new KeptList(tokenFileOf(dataDir), isStoredToken);
    this.#clock = clock;
  }

  /** Whether everyone needs one. */
  get areMade(): boolean {
    return this.#kept.isMade;
  }

  list(): readonly TokenInfo[] {
    return this.#kept.items.map(infoOf);
  }

  /** The one with this id, if it is in force. */
  inForce(id: string): TokenInfo | undefined {
    const token = this.#kept.items.find((each) => each.id === id);
    return token === undefined || !this.#isInForce(token) ? undefined : token;
  }

  /** The one with this secret, if it is in force. */
  find(secret: string): TokenInfo | null {
    const hash = hashOf(secret);
    const id = /^hub_([0-9a-f]{8})_/.exec(secret)?.[1];
    // Both are always looked at: what the environment gives may have any form.
    const candidates = [this.#byId(id), this.#given()];
    const found = candidates.filter((candidate) => isSameHash(hash, candidate?.hash))[0];
    return found !== undefined && this.#isInForce(found) ? infoOf(found) : null;
  }

  create(request: TokenRequest): Promise<NewToken> {
    return this.#kept.change((tokens) => {
      const { stored, secret } = this.#make(request);
      return { items: [...this.#recent(tokens), stored], result: { ...infoOf(stored), token: secret } };
    });
  }

  /** Like the one with this id, which ends after `overlapMs`. */
  rotate(id: string, overlapMs: number): Promise<RotatedToken> {
    return this.#kept.change((tokens) => {
      const old = this.#require(id);
      if (old.name === givenTokenName) {
        throw new RefusedError('invalid_request', `${givenTokenName}: is replaced by starting the hub with another`);
      }
      if (!this.#isInForce(old)) {
        throw new RefusedError('invalid_request', `the token ${id} has expired; create a new one`);
      }
      const { name, role, sources, expires } = old;
      const { stored, secret } = this.#make({ name, role, sources, expires: timeOf(expires) });
      const until = Math.min(this.#clock() + overlapMs, timeOf(expires) ?? Infinity);
      const replaced = { ...old, expires: new Date(until).toISOString() };
      const others = this.#recent(tokens).flatMap((each) =>
        each !== old ? [each] : overlapMs === 0 ? [] : [replaced],
      );
      return {
        items: [...others, stored],
        result: { ...infoOf(stored), token: secret, replaces: infoOf(replaced) },
      };
    });
  }

  revoke(id: string): Promise<TokenInfo> {
    return this.#kept.change((tokens) => {
      const token = this.#require(id);
      return { items: tokens.filter((each) => each !== token), result: infoOf(token) };
    });
  }

  /** Makes `secret` the one token with the name of {@link givenTokenName}, an admin's. Tells what it has made, and what that has
   *  replaced, if it was not so already. */
  async give(secret: string): Promise<{ readonly made: TokenInfo; readonly replaced: TokenInfo | null } | null> {
    const hash = hashOf(secret);
    if (this.#given()?.hash === hash) return null;
    return this.#kept.change((tokens) => {
      const known = this.#given();
      const request = { name: givenTokenName, role: 'admin', sources: null, expires: null } as const;
      const stored = { ...this.#make(request).stored, hash };
      return {
        items: [...tokens.filter((each) => each !== known), stored],
        result: { made: infoOf(stored), replaced: known === undefined ? null : infoOf(known) },
      };
    });
  }

  /** Resolves when everything is written. */
  close(): Promise<void> {
    return this.#kept.settled();
  }

  #make({ name, role, sources, expires }: TokenRequest): { readonly stored: StoredToken; readonly secret: string } {
    let id = newId();
    while (this.#byId(id) !== undefined) id = newId();
    const secret = `hub_${id}_${newSecret()}`;
    const created = new Date(this.#clock()).toISOString();
    const until = expires === null ? null : new Date(expires).toISOString();
    return { stored: { id, name, role, sources, created, expires: until, hash: hashOf(secret) }, secret };
  }

  #recent(tokens: readonly StoredToken[]): readonly StoredToken[] {
    return tokens.filter(({ expires }) => (timeOf(expires) ?? Infinity) > this.#clock() - keepExpiredMs);
  }

  #require(id: string): StoredToken {
    const token = this.#byId(id);
    if (token === undefined)
      throw new RefusedError('not_found', `there is no token ${JSON.stringify(id.slice(0, 80))}`);
    return token;
  }

  #given(): StoredToken | undefined {
    return this.#kept.items.find(({ name }) => name === givenTokenName);
  }

  #byId(id: string | undefined): StoredToken | undefined {
    return this.#kept.items.find((each) => each.id === id);
  }

  #isInForce({ expires }: StoredToken): boolean {
    return (timeOf(expires) ?? Infinity) > this.#clock();
  }
}

function infoOf({ id, name, role, sources, created, expires }: StoredToken): TokenInfo {
  return { id, name, role, sources, created, expires };
}

function timeOf(text: string | null): number | null {
  return text === null ? null : Date.parse(text);
}

function isStoredToken(value: unknown): value is StoredToken {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, role, sources, created, expires, hash } = value as Record<string, unknown>;
  const hasTexts = [id, name, created].every(isText) && /^[0-9a-f]{64}$/.test(String(hash));
  const hasSources = sources === null || (Array.isArray(sources) && sources.every(isText));
  const hasEnd = expires === null || isTime(expires);
  return hasTexts && hasSources && hasEnd && roles.includes(role as Role);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTime(value: unknown): boolean {
  return isText(value) && Number.isFinite(Date.parse(value));
}

import path from 'node:path';
import type { SessionInfo, TokenInfo } from '../pipeline/access-desks.ts';
import { RefusedError } from '../pipeline/codes.ts';
import { KeptList } from './kept-list.ts';
import { hashOf, isSameHash, newId, newSecret } from './secret.ts';

/** A login as it is kept. */
interface StoredSession {
  readonly id: string;
  readonly hash: string;
  /** The id of its token. */
  readonly token: string;
  /** RFC 3339, as `used`. */
  readonly created: string;
  readonly used: string;
  readonly address: string;
}

/** A login that nobody uses ends: a screen that is on asks every few seconds. */
const idleMs = 86_400_000;
const longestMs = 30 * 86_400_000;
/** When it was used is written to the disk no more often than this. */
const usedStepMs = 600_000;
/** Of all tokens; the one that was not used for longest ends for one more. */
const maxSessions = 1_000;
/** Of one token, in the same way. */
const maxSessionsPerToken = 50;

export interface OpenedSession {
  readonly id: string;
  readonly secret: string;
  /** Those that had to end for it, and why. */
  readonly ended: readonly { readonly id: string; readonly reason: string }[];
}

export interface SessionsOptions {
  readonly dataDir: string;
  readonly clock: () => number;
  /** The token with this id, if it is in force: a login ends with its token. */
  readonly tokenInForce: (id: string) => TokenInfo | undefined;
  readonly reportFailure: (error: unknown) => void;
}

/** The dashboard's logins, in `sessions.json` of the data directory. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #kept: KeptList<StoredSession>;
  /** When each was used last, where that is later than what is kept. */
  readonly #used = new Map<string, number>();

  /** Throws when the file is damaged. */
  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#kept = new KeptList(path.join(options.dataDir, 'sessions.json'), isStoredSession);
  }

  list(): readonly Omit<SessionInfo, 'current'>[] {
    return this.#kept.items.flatMap((session) => {
      const token = this.#tokenOf(session);
      if (token === undefined) return [];
      const { id, created, address } = session;
      return {
        id,
        token: { id: token.id, name: token.name },
        role: token.role,
        created,
        used: new Date(this.#usedAt(session)).toISOString(),
        expires: new Date(this.#endOf(session, token)).toISOString(),
        address,
      };
    });
  }

  /** The one with this id, if it is in force, with its token and when it ends by itself. */
  inForce(id: string): { readonly token: TokenInfo; readonly expires: number } | undefined {
    const session = this.#kept.items.find((each) => each.id === id);
    const token = session === undefined ? undefined : this.#tokenOf(session);
    return session === undefined || token === undefined ? undefined : { token, expires: this.#endOf(session, token) };
  }

  /** The id of the one that this is the secret of, if it is in force. Counts as use of it. */
  find(secret: string): string | null {
    const [, id] = /^([0-9a-f]{8})_/.exec(secret) ?? [];
    const session = this.#kept.items.find((each) => each.id === id);
    if (!isSameHash(hashOf(secret), session?.hash) || session === undefined || this.#tokenOf(session) === undefined) {
      return null;
    }
    this.#use(session);
    return session.id;
  }

  open(token: TokenInfo, address: string): Promise<OpenedSession> {
    return this.#kept.change((sessions) => {
      const id = newId();
      const secret = `${id}_${newSecret()}`;
      const now = new Date(this.#options.clock()).toISOString();
      const session = { id, hash: hashOf(secret), token: token.id, created: now, used: now, address };
      const others = this.#current(sessions).filter((each) => each.id !== id);
      const ended = this.#tooMany(others, token.id);
      const left = others.filter((each) => !ended.some((one) => one.id === each.id));
      return { items: [...left, session], result: { id, secret, ended } };
    });
  }

  async end(id: string): Promise<void> {
    await this.#kept.change((sessions) => {
      if (!sessions.some((each) => each.id === id && this.#tokenOf(each) !== undefined)) {
        throw new RefusedError('not_found', `there is no session ${JSON.stringify(id.slice(0, 80))}`);
      }
      return { items: this.#current(sessions).filter((each) => each.id !== id), result: undefined };
    });
    this.#used.delete(id);
  }

  /** Resolves when everything is written. */
  async close(): Promise<void> {
    if (this.#used.size > 0) await this.#keepUse();
    await this.#kept.settled();
  }

  /** Which of them end for one more of this token. */
  #tooMany(sessions: readonly StoredSession[], token: string): OpenedSession['ended'] {
    const byUse = sessions.toSorted((one, other) => this.#usedAt(one) - this.#usedAt(other));
    const ofToken = byUse.filter((each) => each.token === token);
    const full = (held: readonly StoredSession[], most: number, whose: string) =>
      held.slice(0, Math.max(0, held.length - (most - 1))).map(({ id }) => ({
        id,
        reason: `of the ${String(most)} logins ${whose} it was not used for longest, and one more came`,
      }));
    const ended = full(ofToken, maxSessionsPerToken, 'of one token');
    return ended.length > 0 ? ended : full(byUse, maxSessions, 'of a hub');
  }

  #use(session: StoredSession): void {
    const now = this.#options.clock();
    this.#used.set(session.id, now);
    if (now - Date.parse(session.used) > usedStepMs) void this.#keepUse();
  }

  async #keepUse(): Promise<void> {
    const change = this.#kept.change((sessions) => ({
      items: this.#current(sessions).map((each) => ({ ...each, used: new Date(this.#usedAt(each)).toISOString() })),
      result: undefined,
    }));
    await change.catch(this.#options.reportFailure);
    const kept = new Set(this.#kept.items.map(({ id }) => id));
    for (const id of this.#used.keys()) if (!kept.has(id)) this.#used.delete(id);
  }

  #current(sessions: readonly StoredSession[]): readonly StoredSession[] {
    return sessions.filter((session) => this.#tokenOf(session) !== undefined);
  }

  /** Its token, if both are in force. */
  #tokenOf(session: StoredSession): TokenInfo | undefined {
    const token = this.#options.tokenInForce(session.token);
    if (token === undefined) return undefined;
    const now = this.#options.clock();
    return now < this.#endOf(session, token) && now - this.#usedAt(session) < idleMs ? token : undefined;
  }

  #endOf(session: StoredSession, token: TokenInfo): number {
    const longest = Date.parse(session.created) + longestMs;
    return token.expires === null ? longest : Math.min(longest, Date.parse(token.expires));
  }

  #usedAt(session: StoredSession): number {
    return this.#used.get(session.id) ?? Date.parse(session.used);
  }
}

function isStoredSession(value: unknown): value is StoredSession {
  if (typeof value !== 'object' || value === null) return false;
  const { id, hash, token, created, used, address } = value as Record<string, unknown>;
  return (
    [id, token, address].every((text) => typeof text === 'string') &&
    [created, used].every((text) => Number.isFinite(Date.parse(String(text)))) &&
    /^[0-9a-f]{64}$/.test(String(hash))
  );
}

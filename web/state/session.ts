import { signal } from '@preact/signals';
import type { Role } from '../../src/pipeline/access.ts';
import type { Identity, SessionApi } from '../api/session-api.ts';

/** Who looks at the page, as far as is known. */
export type Standing =
  | { readonly kind: 'asking' }
  /** The hub did not say. The page is shown: it tells best what cannot be reached. */
  | { readonly kind: 'unknown' }
  /** A login is needed. */
  | { readonly kind: 'out' }
  | {
      readonly kind: 'in';
      /** Whether the hub asks for a token; else everyone is let in. */
      readonly isRequired: boolean;
      readonly role: Role;
      readonly name: string;
      /** RFC 3339, or null for never. */
      readonly expires: string | null;
    };

/** Why a page that was open is at the login again. */
export const farewells = ['ended', 'required', 'loggedOut'] as const;
export type Farewell = (typeof farewells)[number];

export interface SessionParts {
  readonly api: Pick<SessionApi, 'identify' | 'logOut'>;
  /** Loads the page again at its address, so that nothing of who was logged in is left for the next. */
  readonly restart: (farewell: Farewell | null) => void;
}

/** A hub that takes longer to say who one is has other troubles, which the page shows. */
const patienceMs = 3_000;

/** The login of this browser. */
export class Session {
  readonly standing = signal<Standing>({ kind: 'asking' });
  readonly #parts: SessionParts;
  #isLoggingOut = false;
  #checking: Promise<void> | null = null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Asks who one is. Call it once, before anything else is asked for. */
  async begin(): Promise<void> {
    this.standing.value = (await this.#ask()) ?? { kind: 'unknown' };
  }

  /** Something speaks against what is known: a request was refused, or another tab may have logged in. Resolves when the hub
   *  has said who one is now, or could not be asked. */
  check(): Promise<void> {
    if (this.standing.peek().kind === 'asking' || this.#isLoggingOut) return Promise.resolve();
    this.#checking ??= this.#look().finally(() => (this.#checking = null));
    return this.#checking;
  }

  async #look(): Promise<void> {
    const before = this.standing.peek();
    const now = await this.#ask();
    if (now === null) return;
    if ((before.kind === 'out') === (now.kind === 'out')) this.standing.value = now;
    else this.#restart(now.kind === 'out' ? farewellTo(before) : null);
  }

  /** Rejects when the hub could not be told; then one is still logged in. */
  async logOut(): Promise<void> {
    // The hub closes the connection of the page before it answers.
    this.#isLoggingOut = true;
    await this.#parts.api.logOut().finally(() => (this.#isLoggingOut = false));
    this.#restart('loggedOut');
  }

  async #ask(): Promise<Standing | null> {
    const identity = await this.#parts.api.identify(AbortSignal.timeout(patienceMs)).catch(() => null);
    return identity === null ? null : standingOf(identity);
  }

  /** Until the page is loaded again it shows nothing. */
  #restart(farewell: Farewell | null): void {
    this.standing.value = { kind: 'asking' };
    this.#parts.restart(farewell);
  }
}

function standingOf({ required, role, name, expires }: Identity): Standing {
  if (role === null) return { kind: 'out' };
  return { kind: 'in', isRequired: required, role, name: name ?? '', expires };
}

function farewellTo(before: Standing): Farewell | null {
  if (before.kind !== 'in') return null;
  return before.isRequired ? 'ended' : 'required';
}

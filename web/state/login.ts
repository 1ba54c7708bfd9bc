import { batch, signal } from '@preact/signals';
import { HubError } from '../../src/client/hub-error.ts';
import type { SessionApi } from '../api/session-api.ts';

/** Why a token did not let anyone in. */
export type LoginFailure =
  | { readonly kind: 'wrong' }
  /** The token sends events, and reads none. */
  | { readonly kind: 'ingest' }
  /** Milliseconds since 1970. */
  | { readonly kind: 'limited'; readonly retryAt: number }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'other'; readonly code: string; readonly message: string };

export interface LoginParts {
  readonly api: Pick<SessionApi, 'logIn'>;
  /** Someone is logged in. */
  readonly enter: () => void;
}

/** Logging in with a token, which is kept nowhere. */
export class Login {
  readonly failure = signal<LoginFailure | null>(null);
  readonly isBusy = signal(false);
  readonly #parts: LoginParts;

  constructor(parts: LoginParts) {
    this.#parts = parts;
  }

  /** What is around a token that was pasted does not count. Resolves to whether it let one in. */
  async submit(text: string): Promise<boolean> {
    const token = text.trim();
    if (token === '' || this.isBusy.peek()) return false;
    this.isBusy.value = true;
    const failure = await this.#parts.api.logIn(token).then(() => null, failureOf);
    batch(() => {
      this.failure.value = failure;
      this.isBusy.value = failure === null;
    });
    if (failure === null) this.#parts.enter();
    return failure === null;
  }
}

function failureOf(error: unknown): LoginFailure {
  const { code, message, retryAfterMs } =
    error instanceof HubError ? error : new HubError('unreadable', error instanceof Error ? error.message : '');
  switch (code) {
    case 'unauthorized':
    case 'too_large':
      return { kind: 'wrong' };
    case 'forbidden':
      return message.startsWith('an ingest token') ? { kind: 'ingest' } : { kind: 'other', code, message };
    case 'rate_limited':
      return { kind: 'limited', retryAt: Date.now() + (retryAfterMs ?? 60_000) };
    case 'unreachable':
      return { kind: 'unreachable' };
    default:
      return { kind: 'other', code, message };
  }
}

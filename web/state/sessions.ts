import { batch, signal } from '@preact/signals';
import type { SessionInfo } from '../../src/pipeline/access-desks.ts';
import type { SessionApi } from '../api/session-api.ts';

/** Everyone who is logged in, whoever was there last first. */
export class Sessions {
  /** Null before the first answer. */
  readonly list = signal<readonly SessionInfo[] | null>(null);
  /** What the hub did not do: list them, or end one. */
  readonly failed = signal<'list' | 'end' | null>(null);
  readonly #api: Pick<SessionApi, 'list' | 'end'>;
  #request = new AbortController();

  constructor(api: Pick<SessionApi, 'list' | 'end'>) {
    this.#api = api;
  }

  /** Reads them again; what was read before stays until the answer is here, and when there is none. */
  async load(): Promise<void> {
    this.#request.abort();
    const request = new AbortController();
    this.#request = request;
    const sessions = await this.#api.list(request.signal).catch(() => null);
    if (request.signal.aborted) return;
    batch(() => {
      this.failed.value = sessions === null ? 'list' : null;
      if (sessions !== null)
        this.list.value = sessions.toSorted((one, other) => Date.parse(other.used) - Date.parse(one.used));
    });
  }

  /** Logs someone out. One that has ended by itself meanwhile is as good. */
  async end(id: string): Promise<void> {
    const hasEnded = await this.#api.end(id).then(
      () => true,
      (error: unknown) => error instanceof Error && 'code' in error && error.code === 'not_found',
    );
    if (hasEnded) await this.load();
    else this.failed.value = 'end';
  }
}

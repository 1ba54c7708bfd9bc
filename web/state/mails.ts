import { batch, signal } from '@preact/signals';
import type { Mail, MailState } from '../api/event-api.ts';

export type ReadMails = (state: MailState | null, signal: AbortSignal) => Promise<readonly Mail[]>;

/** The mails, pending ones first, then the ones that ended last. */
export class Mails {
  /** Null before the first answer. */
  readonly list = signal<readonly Mail[] | null>(null);
  readonly hasFailed = signal(false);
  /** Which state is asked for; null for all. */
  readonly state = signal<MailState | null>(null);
  readonly #read: ReadMails;
  #request = new AbortController();

  constructor(read: ReadMails) {
    this.#read = read;
  }

  /** Shows the mails of one state, or all. */
  choose(state: MailState | null): void {
    batch(() => {
      if (state !== this.state.peek()) this.list.value = null;
      this.state.value = state;
    });
    void this.load();
  }

  /** Reads them again; what was read before stays until the answer is here, and when there is none. */
  async load(): Promise<void> {
    this.#request.abort();
    const request = new AbortController();
    this.#request = request;
    const mails = await this.#read(this.state.peek(), request.signal).catch(() => null);
    if (request.signal.aborted) return;
    batch(() => {
      this.hasFailed.value = mails === null;
      if (mails !== null) this.list.value = ordered(mails);
    });
  }
}

function ordered(mails: readonly Mail[]): readonly Mail[] {
  const newestFirst = mails.toReversed();
  return [
    ...newestFirst.filter(({ state }) => state === 'pending'),
    ...newestFirst.filter(({ state }) => state !== 'pending'),
  ];
}

import { signal } from '@preact/signals';
import type { PageAnswer, PageRequest, ReadPage } from '../api/hub-api.ts';
import { pageSize, type Feed } from './feed.ts';

export type PagingState = 'idle' | 'loading' | 'failed';

/** Loads what the window lacks at the end that the reader comes near to, one page at a time. */
export class Paging {
  /** How loading at the old end goes. */
  readonly state = signal<PagingState>('idle');
  readonly #feed: Feed;
  readonly #readPage: ReadPage;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(feed: Feed, readPage: ReadPage) {
    this.#feed = feed;
    this.#readPage = readPage;
  }

  async loadOlder(): Promise<void> {
    const { window } = this.#feed;
    const before = window.older;
    if (before === null) return;
    await this.#load({ before }, (page) => {
      if (window.older === before) window.addOlder(page);
    });
  }

  async loadNewer(): Promise<void> {
    const { window } = this.#feed;
    const after = window.newestPosition;
    if (!window.isCut || after === 0) return;
    await this.#load({ after }, (page) => {
      if (window.newestPosition === after) window.addNewer(page.rows, page.next === null);
    });
  }

  /** Tries again what failed, as happens by itself after a while. */
  retry(): void {
    clearTimeout(this.#retryTimer);
    this.state.value = 'idle';
    this.#feed.touch();
  }

  async #load(place: Pick<PageRequest, 'before' | 'after'>, add: (page: PageAnswer) => void): Promise<void> {
    const q = this.#feed.shown.peek();
    if (this.state.peek() !== 'idle' || q === null) return;
    this.state.value = 'loading';
    const generation = this.#feed.generation.peek();
    try {
      const page = await this.#readPage({ q, limit: pageSize, ...place }, new AbortController().signal);
      // Another page came in between: this one would not join it.
      if (generation === this.#feed.generation.peek()) add(page);
      this.retry();
    } catch {
      this.state.value = 'failed';
      this.#retryTimer = setTimeout(() => this.retry(), retryMs);
    }
  }
}

const retryMs = 5_000;

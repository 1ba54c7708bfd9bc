import type { Page } from 'playwright-core';
import type { StudioHub } from './studio-hub.ts';

/** How the page is looked at. */
export interface Look {
  readonly theme: 'light' | 'dark';
  readonly on: 'desk' | 'phone';
  readonly language: 'en-GB' | 'es-ES';
}

export interface Shot {
  /** Of the picture, without `.png`. */
  readonly name: string;
  /** What can be seen, as a sentence. */
  readonly shows: string;
  readonly look?: Partial<Look>;
  /** Address in the dashboard; `/` when missing. */
  readonly path?: string;
  /** Before the page is loaded: what the hub answers otherwise. */
  readonly before?: (page: Page, hub: StudioHub) => Promise<unknown>;
  /** From the loaded page to what is to be seen. When missing, it is enough that the page is live. */
  readonly act?: (page: Page, hub: StudioHub) => Promise<unknown>;
}

/** Pictures of one hub, taken in order: each finds the hub as the one before has left it. */
export interface Scene {
  readonly title: string;
  readonly open: () => Promise<StudioHub>;
  readonly shots: readonly Shot[];
}

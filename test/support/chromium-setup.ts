import { build } from './build.ts';
import { ensureChromium } from './chromium.ts';

/** Before the end-to-end tests: the page as a browser gets it, and a browser. */
export default async function setup(): Promise<void> {
  await build('page');
  await ensureChromium();
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { pageClock, setClock, takenAt } from './clock.ts';
import type { Look, Shot } from './scene.ts';
import { smallPng } from './small-png.ts';
import type { StudioHub } from './studio-hub.ts';

export const folder = fileURLToPath(new URL('../../docs/screens/', import.meta.url));

const usual: Look = { theme: 'light', on: 'desk', language: 'en-GB' };
const sizes = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** Opens the page as the shot wants it seen, lets it act, and keeps the picture in `docs/screens/`. */
export async function take(browser: Browser, hub: StudioHub, shot: Shot): Promise<void> {
  const look = { ...usual, ...shot.look };
  setClock(takenAt);
  const context = await browser.newContext({
    viewport: sizes[look.on],
    hasTouch: look.on === 'phone',
    colorScheme: look.theme,
    locale: look.language,
    timezoneId: 'Europe/Madrid',
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    await page.addInitScript({ content: pageClock() });
    await shot.before?.(page, hub);
    await page.goto(`${hub.http}${shot.path ?? '/'}`);
    await (shot.act ?? live)(page, hub);
    // A pointer that lies about marks what it lies on.
    await page.mouse.move(1, 1);
    await settled(page);
    const picture = await page.screenshot({ caret: 'hide' });
    await writeFile(join(folder, `${shot.name}.png`), smallPng(picture));
  } finally {
    await context.close();
  }
}

/** Resolves when the page follows the hub and has its numbers, the last of which is how many watch. */
export async function live(page: Page): Promise<void> {
  await page.locator('.connection.live').waitFor();
  await page.locator('.tile.narrow strong', { hasText: /[0-9]/ }).waitFor();
}

/** A moment for what follows by itself: numbers that are asked for, the chart that is drawn from them. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: 1_000 }).catch(() => undefined);
  await page.waitForTimeout(600);
}

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers, looks } from '../support/barriers.ts';
import { launchChromium } from '../support/chromium.ts';
import { waitFor } from '../support/deadline.ts';
import { startHubProcess } from '../support/hub.ts';
import { sendOverTcp } from '../support/tcp-lines.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { openWebPage } from '../support/web-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

async function openBusyPage(options: BrowserContextOptions = {}) {
  const hub = await startHubProcess({ dataDir: await makeTempDir() });
  const severities = ['info', 'warning', 'error', 'critical'];
  await sendOverTcp(
    hub,
    severities.map((severity) => ({ source: 's'.repeat(128), severity, key: 'disk', message: 'm'.repeat(4000) })),
  );
  const opened = await openWebPage(browser, hub.http, options);
  await opened.live();
  return { ...opened, hub };
}

const groundOf = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.querySelector('.view')!).backgroundColor);

describe('how the events page looks', () => {
  it('breaks nothing of the content security policy, from the first run to the row menu', async () => {
    const hub = await startHubProcess({ dataDir: await makeTempDir() });
    const { page, problems, live, showing } = await openWebPage(browser, hub.http);
    await live();
    await sendOverTcp(hub, [{ message: 'hello' }]);
    await showing(['hello']);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('j');
    await page.locator('.event.chosen').waitFor();
    await page.keyboard.press('f');
    await page.getByRole('menuitem').first().waitFor();
    expect(problems).toEqual([]);
    await page.evaluate(() => document.body.setAttribute('style', 'color: red'));
    await waitFor(() => problems.length > 0, { what: 'a breach made on purpose to be noticed' });
  });

  it.each(looks)('puts no barrier in anyone’s way: %s', async (_, options) => {
    const { page } = await openBusyPage({ ...options, bypassCSP: true });
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('j');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  it('takes the theme of the system, and remembers the reader’s own', async () => {
    const { page, live } = await openBusyPage({ colorScheme: 'light' });
    const light = await groundOf(page);
    await page.getByRole('button', { name: 'Dark theme' }).click();
    const dark = await groundOf(page);
    expect(dark).not.toBe(light);
    await page.reload();
    await live();
    expect(await groundOf(page)).toBe(dark);
    await page.getByRole('button', { name: 'Light theme' }).click();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await groundOf(page)).toBe(dark);
  });

  it.each([
    ['a desk', { width: 1360, height: 860 }],
    ['a phone', { width: 360, height: 640 }],
  ])('scrolls only its list, and nothing sideways, on %s', async (_, viewport) => {
    const { page } = await openBusyPage({ viewport });
    const excess = await page.evaluate(() => {
      const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
      return [scrollWidth - clientWidth, scrollHeight - clientHeight];
    });
    expect(excess).toEqual([0, 0]);
    const heights = await page.locator('.event').evaluateAll((rows) => rows.map((row) => row.clientHeight));
    expect(new Set(heights).size).toBe(1);
  });

  it('speaks the reader’s language', async () => {
    const { page } = await openBusyPage({ locale: 'es-ES' });
    await page.getByText('En directo', { exact: true }).first().waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('es');
  });
});

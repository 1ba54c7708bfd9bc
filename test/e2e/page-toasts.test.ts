import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers } from '../support/barriers.ts';
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

const infos = Array.from({ length: 80 }, (_, index) => ({ message: `info ${String(index)}` }));
const down = { source: 'sw-core-1', severity: 'critical', message: 'link down' };

async function openPage(path = '/', options: BrowserContextOptions = {}) {
  const hub = await startHubProcess({ dataDir: await makeTempDir() });
  await sendOverTcp(hub, infos);
  const opened = await openWebPage(browser, `${hub.http}${path}`, options);
  await opened.live();
  return { ...opened, hub, toasts: opened.page.locator('.toast') };
}

const numbered = (count: number, severity: string) =>
  Array.from({ length: count }, (_, index) => ({
    source: `sw-${String(index % 3)}`,
    key: `port ${String(index)}`,
    severity,
    message: 'link down',
  }));

describe('toasts', () => {
  it('tell of a critical that comes while the list is scrolled, and open it', async () => {
    const { page, hub, toasts } = await openPage();
    await page.locator('#events').hover();
    await page.mouse.wheel(0, 600);
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await sendOverTcp(hub, [down]);
    await toasts.getByText('link down').waitFor();
    await page.getByRole('alert').filter({ hasText: 'critical, sw-core-1: link down' }).waitFor();
    await toasts.getByText('link down').click();
    await page.getByRole('complementary').getByRole('heading', { name: 'link down' }).waitFor();
    expect(await toasts.count()).toBe(0);
  });

  it('are silent about what appears at the top of the list, and about what is no trouble', async () => {
    const { page, hub, toasts, messages } = await openPage();
    await sendOverTcp(hub, [down]);
    await waitFor(async () => (await messages())[0] === 'link down', { what: 'the event in the list' });
    await page.keyboard.press('j');
    await sendOverTcp(hub, [
      { severity: 'warning', message: 'warm' },
      { severity: 'error', message: 'last' },
    ]);
    await toasts.first().waitFor();
    expect(await toasts.locator('.message').allTextContents()).toEqual(['last']);
  });

  it('tell of trouble that the search leaves out', async () => {
    const { hub, toasts } = await openPage('/?q=source%3Asensor_*');
    // The page follows all trouble on a connection of its own, which may open a moment after the list is live.
    await waitFor(
      async () => {
        await sendOverTcp(hub, [down]);
        return (await toasts.count()) > 0;
      },
      { what: 'a toast about what the search leaves out' },
    );
  });

  it('group under a flood, three at most, and show all of one severity when pressed', async () => {
    const { page, hub, toasts } = await openPage();
    await page.keyboard.press('j');
    await sendOverTcp(hub, [...numbered(12, 'critical'), ...numbered(5, 'error')]);
    await page.getByText('12 critical from 3 sources').first().waitFor();
    await page.getByText('5 errors from 3 sources').first().waitFor();
    expect(await toasts.count()).toBeLessThanOrEqual(3);
    await toasts.getByText('12 critical from 3 sources').click();
    await waitFor(async () => (await page.inputValue('#search')) === 'severity:critical', {
      what: 'the search for them',
    });
    await page.locator('.event').nth(11).waitFor();
  });

  it('leave when the list shows the newest again, errors also after a while, criticals when dismissed', async () => {
    const { page, hub, toasts } = await openPage();
    await page.keyboard.press('j');
    await sendOverTcp(hub, [down]);
    await toasts.first().waitFor();
    await page.keyboard.press(' ');
    await toasts.first().waitFor({ state: 'detached' });
    await page.keyboard.press('j');
    await sendOverTcp(hub, [{ severity: 'error', message: 'late' }, down]);
    await toasts.getByText('late').waitFor();
    await toasts.getByText('late').waitFor({ state: 'detached', timeout: 20_000 });
    expect(await toasts.count()).toBe(1);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await toasts.first().waitFor({ state: 'detached' });
  });

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
  ] as const)('put no barrier in anyone’s way: %s', async (_, options) => {
    const { page, hub, toasts } = await openPage('/', { ...options, bypassCSP: true });
    await page.keyboard.press('j');
    await sendOverTcp(hub, [...numbered(4, 'critical'), { severity: 'error', message: 'one' }]);
    await toasts.getByText('one').waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });
});

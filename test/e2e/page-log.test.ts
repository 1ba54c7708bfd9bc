import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers } from '../support/barriers.ts';
import { launchChromium } from '../support/chromium.ts';
import { startHubProcess } from '../support/hub.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { openWebPage } from '../support/web-page.ts';
import { damageRecord, writeLog } from '../support/written-log.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe('a log that is damaged', () => {
  it.each([
    ['en-GB', 'The log is damaged, and takes no more events.', 'What is recorded can be read.'],
    ['es-ES', 'El registro está dañado y no admite más eventos.', 'Lo registrado se puede leer.'],
  ])('is said to be so on every view, with the place and what to do: %s', async (locale, title, advice) => {
    const dataDir = await makeTempDir();
    writeLog(dataDir, 250, 5);
    damageRecord(dataDir, 900);
    const hub = await startHubProcess({ dataDir });
    const { page, problems, live } = await openWebPage(browser, hub.http, { locale, bypassCSP: true });
    await live();
    const banner = page.getByRole('status').filter({ hasText: title });
    await banner.filter({ hasText: 'record 900 is damaged' }).filter({ hasText: 'alert-hub verify' }).waitFor();
    await banner.filter({ hasText: advice }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.goto(`${hub.http}/?view=mails`);
    await banner.waitFor();
    expect(problems).toEqual([]);
  });

  it('is not said of one that is whole', async () => {
    const hub = await startHubProcess({ dataDir: await makeTempDir() });
    const { page, live } = await openWebPage(browser, hub.http);
    const answered = page.waitForResponse((response) => response.url().endsWith('/healthz'));
    await live();
    expect(await (await answered).json()).toMatchObject({ log: { state: 'ok', reason: null } });
    expect(await page.locator('.banner').count()).toBe(0);
  });
});

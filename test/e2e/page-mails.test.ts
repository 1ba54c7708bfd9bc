import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers, looks } from '../support/barriers.ts';
import { launchChromium } from '../support/chromium.ts';
import { startHubProcess } from '../support/hub.ts';
import { mailSettings } from '../support/mail-hub.ts';
import { startMailServer } from '../support/smtp-receiver.ts';
import { startScriptedSmtp } from '../support/smtp-script.ts';
import { sendOverTcp } from '../support/tcp-lines.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { openWebPage } from '../support/web-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const down = { source: 'sw-core-1', severity: 'critical', message: 'link <b>down</b>' };

async function openPage(path: string, env: Readonly<Record<string, string>>, options: BrowserContextOptions = {}) {
  const hub = await startHubProcess({ dataDir: await makeTempDir(), env });
  await sendOverTcp(hub, [{ message: 'first' }]);
  const opened = await openWebPage(browser, `${hub.http}${path}`, options);
  await opened.live();
  return { ...opened, hub };
}

/** A mail server that refuses the login, as after a changed password. */
async function refusing(): Promise<Record<string, string>> {
  const { port } = await startScriptedSmtp({ answers: { AUTH: '535 5.7.8 authentication failed' } });
  return mailSettings(port, { HUB_SMTP_USER: 'hub', HUB_SMTP_PASSWORD: 'old' });
}

describe('the mails', () => {
  it('say what to set while e-mail is off', async () => {
    const { page } = await openPage('/', {});
    await page.getByRole('link', { name: 'Mails' }).click();
    await page.getByRole('heading', { name: 'E-mail is off' }).waitFor();
    await page.getByText('HUB_SMTP_URL=').waitFor();
    await page.goBack();
    await page.getByRole('grid').waitFor();
  });

  it('list what was sent, with the server’s reply, and open what it was about', async () => {
    const { port } = await startMailServer();
    const { page, hub } = await openPage('/?view=mails', mailSettings(port));
    await page.getByRole('heading', { name: 'No mails yet' }).waitFor();
    await sendOverTcp(hub, [down]);
    const row = page.getByRole('row').filter({ hasText: '[CRITICAL] sw-core-1: link <b>down</b>' });
    await row.filter({ hasText: 'Sent' }).filter({ hasText: 'ops@example.com' }).filter({ hasText: '250' }).waitFor();
    await row.getByRole('button').first().click();
    await page.getByRole('complementary').getByRole('heading', { name: 'link <b>down</b>' }).waitFor();
    await page.getByRole('button', { name: 'Given up' }).click();
    await page.getByText('No mail was given up.').waitFor();
  });

  it('are said to wait on every view while the mail server refuses the login', async () => {
    const { page, hub } = await openPage('/', await refusing());
    await sendOverTcp(hub, [down]);
    const banner = page.getByRole('status').filter({ hasText: 'Mail is paused.' });
    await banner.filter({ hasText: '1 mail waits, none is lost.' }).waitFor();
    await banner.filter({ hasText: '535 5.7.8 authentication failed; check email.user' }).waitFor();
    await banner.getByRole('button', { name: 'Show mails' }).click();
    await page.getByRole('row').filter({ hasText: 'Waiting' }).filter({ hasText: 'link <b>down</b>' }).waitFor();
    expect(await banner.isVisible()).toBe(true);
  });

  it.each(looks)('put no barrier in anyone’s way: %s', async (_, options) => {
    const { page, hub } = await openPage('/?view=mails', await refusing(), { ...options, bypassCSP: true });
    await sendOverTcp(hub, [down]);
    await page.getByText('Mail is paused.').waitFor();
    await page.getByText('[CRITICAL]').waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });
});

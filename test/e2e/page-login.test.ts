import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers } from '../support/barriers.ts';
import { launchChromium } from '../support/chromium.ts';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHubProcess } from '../support/hub.ts';
import { ask, post } from '../support/hub-http.ts';
import { sendOverTcp } from '../support/tcp-lines.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { bearer, localToken, makeToken } from '../support/tokens.ts';
import { openWebPage } from '../support/web-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** A hub with three events, that asks for a token from then on. */
async function guardedHub(role = 'read') {
  const options = { dataDir: await makeTempDir(), httpPort: await findFreePort() };
  const hub = await startHubProcess(options);
  await sendOverTcp(hub, [
    { source: 'a', message: 'one' },
    { source: 'b', message: 'two' },
    { source: 'a', message: 'three' },
  ]);
  const token = await makeToken(hub.http, options.dataDir, { role, name: 'wall' });
  return { ...hub, options, token, local: await localToken(options.dataDir) };
}

async function openLogin(hub: { readonly http: string }, path = '/', options: BrowserContextOptions = {}) {
  const opened = await openWebPage(browser, `${hub.http}${path}`, options);
  await opened.page.getByLabel('Token', { exact: true }).waitFor();
  return opened;
}

async function logIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.keyboard.press('Enter');
}

const failure = (page: Page, words: string) => page.getByRole('alert').filter({ hasText: words }).waitFor();

describe('the login', () => {
  it('asks for a token, and goes on at the address that was opened', async () => {
    const hub = await guardedHub();
    const { page, problems, live, showing } = await openLogin(hub, '/?q=source%3Aa#here');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('token');
    expect(await page.getByRole('grid').count()).toBe(0);
    await logIn(page, `  ${hub.token.token}\n`);
    await live();
    await showing(['three', 'one']);
    expect(new URL(page.url())).toMatchObject({ search: '?q=source%3Aa', hash: '#here' });
    await page.reload();
    await showing(['three', 'one']);
    expect(problems).toEqual([]);
  });

  it('leaves the token nowhere: not in an address, not in what the browser stores, not in the log of the hub', async () => {
    const hub = await guardedHub();
    const { page, live } = await openLogin(hub);
    const urls: string[] = [];
    page.on('request', (request) => urls.push(request.url()));
    await logIn(page, hub.token.token);
    await live();
    const kept = await page.evaluate(() =>
      JSON.stringify([localStorage, sessionStorage, history.state, document.cookie, location.href]),
    );
    expect([kept, hub.output(), ...urls].filter((text) => text.includes(hub.token.token))).toEqual([]);
  });

  it('says that a token is wrong, only sends, or was tried too often, and until when', async () => {
    const hub = await guardedHub('ingest');
    const { page } = await openLogin(hub);
    await logIn(page, hub.token.token);
    await failure(page, 'This token may only send events.');
    await logIn(page, 'hub_wrong');
    await failure(page, 'This token is not valid.');
    expect(await page.evaluate(() => document.getSelection()?.toString().length)).toBeGreaterThan(0);
    const headers = { 'Content-Type': 'application/json' };
    for (let failed = 1; failed < 10; failed += 1)
      await ask(`${hub.http}/api/session`, { method: 'POST', headers, body: '{"token":"hub_wrong"}' });
    await logIn(page, 'hub_wrong');
    await failure(page, 'Too many wrong tokens from this address. Wait until ');
    await page.getByRole('button', { name: /^Wait [1-9]\d? s$/ }).waitFor();
  });

  it('says that the hub does not answer, and lets in when it does again', async () => {
    const hub = await guardedHub();
    const { page, live } = await openLogin(hub);
    await hub.kill();
    await logIn(page, hub.token.token);
    await failure(page, 'The hub does not answer.');
    await startHubProcess(hub.options);
    await page.getByRole('button', { name: 'Log in' }).click();
    await live();
  });

  it('comes back when the token is revoked, says why, and keeps the search', async () => {
    const hub = await guardedHub();
    const { page, live, showing } = await openLogin(hub);
    await logIn(page, hub.token.token);
    await live();
    await page.getByLabel('Search events').fill('source:b');
    await showing(['two']);
    await ask(`${hub.http}/api/tokens/${hub.token.id}`, { method: 'DELETE', headers: bearer(hub.local) });
    await page.getByText('Your login has ended').waitFor();
    expect(await page.getByRole('grid').count()).toBe(0);
    const other = await makeToken(hub.http, hub.options.dataDir, { role: 'read' });
    await logIn(page, other.token);
    await showing(['two']);
    expect(await page.getByLabel('Search events').inputValue()).toBe('source:b');
  });

  it('is not asked for when the connection was ended and one is logged in all the same', async () => {
    const hub = await guardedHub();
    const { page, live, showing } = await openLogin(hub, '/?q=source%3Aa');
    await logIn(page, hub.token.token);
    await live();
    // As another tab does that logs in anew.
    await page.evaluate(async (token) => {
      const headers = { 'Content-Type': 'application/json' };
      await fetch('/api/session', { method: 'POST', headers, body: JSON.stringify({ token }) });
    }, hub.token.token);
    const headers = bearer(hub.local);
    const [first] = (await ask(`${hub.http}/api/sessions`, { headers })).body as { id: string }[];
    await ask(`${hub.http}/api/sessions/${first?.id ?? ''}`, { method: 'DELETE', headers });
    await post(hub.http, { source: 'a', message: 'four' }, headers);
    await showing(['four', 'three', 'one']);
    await live();
    expect(await page.getByText('Not signed in').count()).toBe(0);
    // What comes in the moment before it is followed again is told by no toast.
    await waitFor(
      async () => {
        await post(hub.http, { source: 'b', severity: 'critical', message: 'elsewhere' }, headers);
        return (await page.locator('.toast').filter({ hasText: 'elsewhere' }).count()) > 0;
      },
      { what: 'a toast', within: 20_000 },
    );
  });

  it('comes when the first token is made while the page is open', async () => {
    const options = { dataDir: await makeTempDir() };
    const hub = await startHubProcess(options);
    const { page, live } = await openWebPage(browser, hub.http);
    await live();
    expect(await page.getByRole('button', { name: 'Account' }).count()).toBe(0);
    await makeToken(hub.http, options.dataDir, { role: 'read' });
    await page.getByText('This hub now asks for a token.').waitFor();
  });

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 360, height: 640 } }],
  ] as const)('puts no barrier in anyone’s way: %s', async (_, options) => {
    const hub = await guardedHub('admin');
    const { page, live } = await openLogin(hub, '/', { ...options, bypassCSP: true });
    expect(await findBarriers(page)).toEqual([]);
    await logIn(page, 'hub_wrong');
    await failure(page, 'This token is not valid.');
    expect(await findBarriers(page)).toEqual([]);
    await logIn(page, hub.token.token);
    await live();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByText('this one').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(excess).toBeLessThanOrEqual(0);
  });
});

describe('the account', () => {
  it('says who reads, offers them nothing to change, and logs them out', async () => {
    const hub = await guardedHub('read');
    const { page, live } = await openLogin(hub, '/?q=source%3Aa');
    await logIn(page, hub.token.token);
    await live();
    await page.getByRole('button', { name: 'Account' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('wall reads everything and changes nothing.').waitFor();
    expect(await dialog.getByRole('button').allTextContents()).toEqual(['', 'Log out']);
    await dialog.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
    expect(new URL(page.url()).search).toBe('?q=source%3Aa');
    await page.reload();
    await page.getByLabel('Token', { exact: true }).waitFor();
  });

  it('lets an administrator log out others, whose page says so at once', async () => {
    const hub = await guardedHub('admin');
    const reader = await makeToken(hub.http, hub.options.dataDir, { role: 'read', name: 'reader' });
    const theirs = await openLogin(hub);
    await logIn(theirs.page, reader.token);
    await theirs.live();
    const { page, live } = await openLogin(hub);
    await logIn(page, hub.token.token);
    await live();
    await page.getByRole('button', { name: 'Account' }).click();
    const rows = page.getByRole('dialog').getByRole('row');
    await rows.filter({ hasText: 'wall' }).filter({ hasText: 'this one' }).waitFor();
    await rows.filter({ hasText: 'reader' }).getByRole('button').click();
    await theirs.page.getByText('Your login has ended').waitFor();
    await waitFor(async () => (await rows.count()) === 2, { what: 'the reader to leave the list' });
  });
});

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBarriers, looks } from '../support/barriers.ts';
import { launchChromium } from '../support/chromium.ts';
import { waitFor } from '../support/deadline.ts';
import { startHubProcess } from '../support/hub.ts';
import { mailSettings } from '../support/mail-hub.ts';
import { startMailServer } from '../support/smtp-receiver.ts';
import { sendOverTcp } from '../support/tcp-lines.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { openWebPage } from '../support/web-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const lag = {
  id: 'lag-1',
  source: 'db-2',
  severity: 'error',
  message: 'replication lag 94 s',
  key: 'db-2/replication',
  time: '2026-01-02T03:04:05.678Z',
  labels: { site: 'madrid' },
  data: { lag_s: 94.2, peer: { name: 'db-3' } },
};
const drafts = [{ source: 'ups-a', message: 'on line' }, lag, { source: 'fw-north', message: 'config saved' }];

interface Given {
  readonly drafts?: readonly object[];
  readonly path?: string;
  readonly options?: BrowserContextOptions;
  readonly env?: Readonly<Record<string, string>>;
}

async function openPage({ drafts: given = drafts, path = '/', options = {}, env = {} }: Given = {}) {
  const hub = await startHubProcess({ dataDir: await makeTempDir(), env });
  await sendOverTcp(hub, given);
  const opened = await openWebPage(browser, `${hub.http}${path}`, options);
  await opened.live();
  const panel = opened.page.getByRole('complementary', { name: 'Event' });
  const fields = async () => {
    const names = await panel.locator('dt').allTextContents();
    const values = await panel.locator('dd .says').allTextContents();
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
  };
  return { ...opened, hub, panel, fields };
}

const positionIn = (page: Page) => new URL(page.url()).searchParams.get('at');

describe('the panel of one event', () => {
  it('opens by a press on a row’s text, with everything the event brought along', async () => {
    const { page, panel, fields, problems } = await openPage();
    await page.getByText('replication lag 94 s').click();
    await panel.getByRole('heading', { name: 'replication lag 94 s' }).waitFor();
    await panel.getByText('data.lag_s').waitFor();
    expect(await fields()).toEqual({
      severity: 'error',
      source: 'db-2',
      channel: 'tcp',
      key: 'db-2/replication',
      status: 'firing',
      id: 'lag-1',
      'label.site': 'madrid',
      'data.lag_s': '94.2',
      'data.peer.name': 'db-3',
    });
    expect(await panel.locator('.place').textContent()).toMatch(/^db-2 · 2 Jan 03:04:05\.678 · position 2 · received /);
    expect(positionIn(page)).toBe('2');
    expect(problems).toEqual([]);
  });

  it('opens by Enter, goes along with j and k, and closes by Escape with the row still chosen', async () => {
    const { page, panel } = await openPage();
    await page.keyboard.press('j');
    expect(await panel.count()).toBe(0);
    await page.keyboard.press('Enter');
    await panel.getByRole('heading', { name: 'config saved' }).waitFor();
    await page.keyboard.press('j');
    await panel.getByRole('heading', { name: 'replication lag 94 s' }).waitFor();
    expect(positionIn(page)).toBe('2');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(positionIn(page)).toBeNull();
    expect(await page.locator('.event.chosen').textContent()).toContain('replication lag 94 s');
  });

  it('opens from a link, also when the list does not have the event', async () => {
    const { panel, messages } = await openPage({ path: '/?q=source%3Aups-a&at=2' });
    await panel.getByText('label.site').waitFor();
    expect(await messages()).toEqual(['on line']);
  });

  it('says when there is no event at a position, and reads it once it is there', async () => {
    const { hub, panel } = await openPage({ path: '/?at=4' });
    await panel.getByRole('heading', { name: 'No such event yet' }).waitFor();
    await sendOverTcp(hub, [{ message: 'the fourth' }]);
    await panel.getByRole('button', { name: 'Try again' }).click();
    await panel.getByRole('heading', { name: 'the fourth' }).waitFor();
  });

  it('narrows the search by a value, leaves one out, and stays open', async () => {
    const { page, panel, showing } = await openPage({ path: '/?at=2' });
    await panel.getByRole('button', { name: 'Show only data.peer.name db-3' }).click();
    await showing(['replication lag 94 s']);
    await panel.getByRole('button', { name: 'Leave out data.peer.name db-3' }).click();
    await showing(['config saved', 'on line']);
    expect(await panel.isVisible()).toBe(true);
    await panel.getByRole('button', { name: 'Show only label.site madrid' }).focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('x');
    await waitFor(async () => (await page.inputValue('#search')) === '-data.peer.name:db-3 -id:lag-1', {
      what: 'the value above to be left out by key',
    });
  });

  it('shows what a stranger sent as text, in every place', async () => {
    const markup = '<img src=x onerror="document.title=\'owned\'">';
    const { page, panel, fields, problems } = await openPage({
      drafts: [
        {
          source: markup,
          message: `${markup}\nline`,
          key: markup,
          labels: { [markup]: markup },
          data: { [markup]: markup },
        },
      ],
      path: '/?at=1',
    });
    await panel.getByText('label.').waitFor();
    expect(await fields()).toMatchObject({ source: markup, key: markup });
    expect(await panel.locator('h2 bdi').textContent()).toBe(`${markup}\nline`);
    expect(await panel.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Alert Hub');
    expect(problems).toEqual([]);
  });

  it('folds a long message until it is asked for', async () => {
    const { panel } = await openPage({ drafts: [{ message: 'm'.repeat(8_000) }], path: '/?at=1' });
    const length = async () => (await panel.locator('h2 bdi').textContent())?.length;
    await panel.getByText('severity').waitFor();
    expect(await length()).toBeLessThan(1_000);
    await panel.getByRole('button', { name: 'Show all' }).click();
    expect(await length()).toBe(8_000);
  });

  it('has an edge that the keyboard moves, and remembers its width', async () => {
    const { page, panel } = await openPage({ path: '/?at=2' });
    const edge = page.getByRole('separator');
    await edge.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await edge.getAttribute('aria-valuenow')).toBe('416');
    await page.reload();
    await panel.waitFor();
    expect((await panel.boundingBox())?.width).toBe(416);
  });

  it('lies over the list on a phone, and Back closes it', async () => {
    const { page, panel } = await openPage({ options: { viewport: { width: 400, height: 800 } } });
    await page.getByText('config saved').click();
    await panel.getByText('severity').waitFor();
    expect(await panel.boundingBox()).toMatchObject({ x: 0, y: 0, width: 400 });
    await page.goBack();
    await panel.waitFor({ state: 'detached' });
    await page.getByText('config saved').click();
    await panel.getByRole('button', { name: 'Close' }).click();
    await panel.waitFor({ state: 'detached' });
  });

  it('tells why a mail was sent, with the server’s reply, as soon as it is known', async () => {
    const { port } = await startMailServer();
    // The first record says which routes are in force.
    const { page, panel } = await openPage({ drafts: [lag], path: '/?at=1', env: mailSettings(port) });
    await panel.getByRole('heading', { name: 'Not an event' }).waitFor();
    await page.getByText(lag.message).click();
    await panel.getByText('Route default matched severity>=error').waitFor();
    await panel.getByText('first of db-2/replication: mailed at once').waitFor();
    await panel.getByText('Sent to ops@example.com').waitFor();
    await panel.getByText(/^250 /).waitFor();
  });

  it('says that there was no mail because e-mail is off', async () => {
    const { panel } = await openPage({ path: '/?at=2' });
    await panel.getByText('No mail: e-mail is off.').waitFor();
  });

  it.each(looks)('puts no barrier in anyone’s way: %s', async (_, options) => {
    const { page, panel } = await openPage({ path: '/?at=2', options: { ...options, bypassCSP: true } });
    await panel.getByText('No mail: e-mail is off.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });
});

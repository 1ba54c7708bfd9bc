import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { waitFor } from '../support/deadline.ts';
import { startHubProcess, type HubProcess } from '../support/hub.ts';
import { sendOverTcp } from '../support/tcp-lines.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { openWebPage } from '../support/web-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

async function startHubWith(drafts: readonly object[]): Promise<HubProcess> {
  const hub = await startHubProcess({ dataDir: await makeTempDir() });
  await sendOverTcp(hub, drafts);
  return hub;
}

const mixed = [
  { source: 'sw-core-1', severity: 'critical', message: 'link down' },
  { source: 'sensor_01', severity: 'warning', message: 'temperature 81 C' },
  { source: 'sw-edge-4', severity: 'info', message: 'link up' },
];

describe('the events page', () => {
  it('waits for the first event of an empty log and shows it without a reload', async () => {
    const hub = await startHubWith([]);
    const { page, live, showing } = await openWebPage(browser, hub.http);
    await live();
    await page.getByRole('heading', { name: 'No events yet' }).waitFor();
    await sendOverTcp(hub, [{ message: 'hello' }]);
    await showing(['hello']);
  });

  it('says where the log begins below the last row, also after rows have come', async () => {
    const hub = await startHubWith([{ message: 'one' }]);
    const { page, showing } = await openWebPage(browser, hub.http);
    await showing(['one']);
    await sendOverTcp(hub, [{ message: 'two' }, { message: 'three' }]);
    await showing(['three', 'two', 'one']);
    const lastRow = await page.locator('.event').last().boundingBox();
    const end = await page.getByText('This is where the log begins').boundingBox();
    expect(end?.y).toBeGreaterThanOrEqual((lastRow?.y ?? Infinity) + (lastRow?.height ?? 0));
  });

  it('narrows to what a search matches, and keeps to it live', async () => {
    const hub = await startHubWith(mixed);
    const { page, live, showing } = await openWebPage(browser, hub.http);
    await live();
    await page.keyboard.press('/');
    await page.keyboard.type('source:sw-* link');
    await showing(['link up', 'link down']);
    await sendOverTcp(hub, [
      { source: 'sw-core-1', message: 'link flaps' },
      { source: 'sensor_01', message: 'link lost' },
      { source: 'sw-core-1', message: 'link steady' },
    ]);
    await showing(['link steady', 'link flaps', 'link up', 'link down']);
  });

  it('has an address for every search, which opens and goes back', async () => {
    const hub = await startHubWith(mixed);
    const { page, showing } = await openWebPage(browser, `${hub.http}/?q=severity%3E%3Dwarning`);
    await showing(['temperature 81 C', 'link down']);
    await page.getByRole('row').getByRole('button', { name: 'sensor_01' }).click();
    await showing(['temperature 81 C']);
    expect(new URL(page.url()).searchParams.get('q')).toBe('severity>=warning source:sensor_01');
    await page.goBack();
    await showing(['temperature 81 C', 'link down']);
  });

  it('leaves out what is pressed with Alt, or left out in the menu of the row', async () => {
    const hub = await startHubWith(mixed);
    const { page, showing } = await openWebPage(browser, hub.http);
    await page
      .getByRole('row')
      .getByRole('button', { name: 'sensor_01' })
      .click({ modifiers: ['Alt'] });
    await showing(['link up', 'link down']);
    await page.keyboard.press('j');
    await page.keyboard.press('f');
    await page.getByRole('menuitem', { name: 'Leave out' }).first().click();
    await showing(['link down']);
    await waitFor(async () => (await page.inputValue('#search')) === '-source:sensor_01 -source:sw-edge-4', {
      what: 'both to stand in the search box',
    });
  });

  it('says under the box what is wrong with a query, and keeps the list', async () => {
    const hub = await startHubWith(mixed);
    const { page, live, messages } = await openWebPage(browser, hub.http);
    await live();
    await page.keyboard.press('/');
    await page.keyboard.type('severity>=errr');
    await page.getByText('Expected one of info, warning, error, critical at column 11').waitFor();
    expect(await messages()).toHaveLength(3);
  });

  it('offers what to leave out when nothing matches', async () => {
    const hub = await startHubWith(mixed);
    const { page, showing } = await openWebPage(browser, `${hub.http}/?q=source%3Anowhere+link`);
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.getByRole('button', { name: 'Leave out source:nowhere' }).click();
    await showing(['link up', 'link down']);
  });

  it('holds still while a row is read, counts what waits, and follows again at the space key', async () => {
    const hub = await startHubWith(mixed);
    const { page, live, messages, showing } = await openWebPage(browser, hub.http);
    await live();
    await page.keyboard.press('j');
    await sendOverTcp(hub, [{ message: 'one' }, { severity: 'critical', message: 'two' }]);
    await page.getByRole('button', { name: '2 new, 1 critical' }).waitFor();
    expect(await messages()).toHaveLength(3);
    expect(await page.title()).toContain('2 new, 1 critical');
    await page.keyboard.press(' ');
    await showing(['two', 'one', 'link up', 'temperature 81 C', 'link down']);
  });

  it('loads older events when the reader scrolls down, to the beginning of the log', async () => {
    const drafts = Array.from({ length: 450 }, (_, index) => ({ message: `event ${String(index + 1)}` }));
    const hub = await startHubWith(drafts);
    const { page, live, messages } = await openWebPage(browser, hub.http);
    await live();
    await page.locator('#events').hover();
    // The words below the list count as visible while they are still out of view, and rows are drawn frame by frame.
    const isAtBeginning = async () => {
      await page.mouse.wheel(0, 4000);
      return (await messages()).at(-1) === 'event 1';
    };
    await waitFor(isAtBeginning, { within: 20_000, what: 'the first event of the log at the end of the list' });
    expect(await page.getByText('This is where the log begins').isVisible()).toBe(true);
  });

  it('shows what a stranger sent as text', async () => {
    const message = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
    const hub = await startHubWith([{ source: '<b>bold</b>', message }]);
    const { page, problems, showing } = await openWebPage(browser, hub.http);
    await showing([message]);
    expect(await page.locator('.event .source').textContent()).toBe('<b>bold</b>');
    expect(await page.title()).toBe('Alert Hub');
    expect(problems).toEqual([]);
  });
});

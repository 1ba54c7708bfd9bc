import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHubProcess } from '../support/hub.ts';
import { sendOverTcp } from '../support/tcp-lines.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { openWebPage } from '../support/web-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;

async function openOverview(drafts: readonly object[], { path = '/', options = {} } = {}) {
  const hub = await startHubProcess({
    dataDir: await makeTempDir(),
    httpPort: await findFreePort(),
    tcpPort: await findFreePort(),
  });
  await sendOverTcp(hub, drafts);
  const opened = await openWebPage(browser, `${hub.http}${path}`, options);
  await opened.live();
  return { ...opened, hub };
}

/** Resolves when the tile of this name shows this figure. */
async function figure(page: Page, name: string, text: string): Promise<void> {
  const tile = page.locator('.tile', { has: page.locator('.name', { hasText: name }) });
  const isShown = async () => (await tile.locator('strong').textContent())?.trim() === text;
  await waitFor(isShown, { within: 15_000, what: `${name} to be ${text}` });
}

/** Where a moment stands on the chart, in pixels of the page. */
async function placeOf(page: Page, share: number): Promise<{ x: number; y: number }> {
  const box = (await page.getByRole('slider').boundingBox())!;
  return { x: box.x + box.width * share, y: box.y + box.height / 2 };
}

const spread = [
  { time: minutesAgo(50), severity: 'error', message: 'old error' },
  { time: minutesAgo(45), severity: 'critical', message: 'old critical' },
  { time: minutesAgo(10), severity: 'warning', message: 'new warning' },
  { time: minutesAgo(5), severity: 'info', message: 'new info' },
  { time: minutesAgo(150), severity: 'info', message: 'hours before' },
];

describe('the counts above the list', () => {
  it('move when an event comes over TCP', async () => {
    const { page, hub } = await openOverview(spread);
    await figure(page, 'Events, last hour', '4');
    await figure(page, 'Critical', '1');
    await sendOverTcp(hub, [{ severity: 'critical', message: 'link down' }]);
    await figure(page, 'Events, last hour', '5');
    await figure(page, 'Critical', '2');
    await figure(page, 'Per minute', '1');
    await figure(page, 'Watching', '1');
    await figure(page, 'Mails', 'Off');
  });

  it('narrow list and address to a severity when its tile is pressed, and widen them again', async () => {
    const { page, showing } = await openOverview(spread, { path: '/?q=old' });
    await page.getByRole('button', { name: 'Critical 1' }).click();
    await showing(['old critical']);
    expect(new URL(page.url()).searchParams.get('q')).toBe('old severity:critical');
    await figure(page, 'Matches, last hour', '1');
    await figure(page, 'Error', '0');
    await page.getByRole('button', { name: 'Error' }).click();
    await showing(['old error']);
    await page.getByRole('button', { name: 'Error', pressed: true }).click();
    await showing(['old critical', 'old error']);
  });

  it('follow the range, which is in the address and survives a reload', async () => {
    const { page, live, messages } = await openOverview(spread);
    await figure(page, 'Events, last hour', '4');
    await page.getByLabel('Time range').selectOption('Last 6 h');
    await figure(page, 'Events, last 6 hours', '5');
    expect(new URL(page.url()).searchParams.get('range')).toBe('6h');
    await page.reload();
    await live();
    await figure(page, 'Events, last 6 hours', '5');
    expect(await messages()).toHaveLength(5);
    await page.goBack();
    await figure(page, 'Events, last hour', '4');
  });

  it('stay, marked as old, while the hub does not answer', async () => {
    const { page, hub } = await openOverview(spread);
    await figure(page, 'Events, last hour', '4');
    await hub.kill();
    await page.locator('.overview.old').waitFor();
    await figure(page, 'Events, last hour', '4');
    await startHubProcess({ dataDir: await makeTempDir(), httpPort: hub.httpPort, tcpPort: hub.tcpPort });
    await figure(page, 'Events, last hour', '–');
    await page.locator('.overview:not(.old)').waitFor();
  });

  it('say that mail is paused, and have room for millions', async () => {
    const { page } = await openOverview(spread);
    await page.route('**/api/stats*', async (route) => {
      const answer = await route.fetch();
      const stats = (await answer.json()) as object;
      const bySeverity = { info: 8_765_432, warning: 1_234_568, error: 0, critical: 0 };
      const email = { state: 'paused', sent: 5, pending: 12, dead: 2 };
      await route.fulfill({ response: answer, json: { ...stats, bySeverity, email } });
    });
    await page.getByLabel('Time range').selectOption('Last 7 days');
    await figure(page, 'Mails', 'Paused');
    await page.getByText('12 waiting').waitFor();
    await figure(page, 'Events, last 7 days', '10,000,000');
    const excess = await page
      .locator('.tile strong')
      .evaluateAll((figures) => Math.max(...figures.map((each) => each.scrollWidth - each.parentElement!.clientWidth)));
    expect(excess).toBeLessThanOrEqual(0);
  });

  it('are quiet while the log is empty, and there with the first event', async () => {
    const { page, hub } = await openOverview([]);
    await figure(page, 'Events, last hour', '–');
    expect(await page.getByRole('slider').count()).toBe(0);
    await sendOverTcp(hub, [{ message: 'hello' }]);
    await figure(page, 'Events, last hour', '1');
    await page.getByRole('slider').waitFor();
  });
});

describe('the chart over time', () => {
  it('narrows the list to the time that is drawn over, and Escape goes back', async () => {
    const { page, problems, showing } = await openOverview(spread);
    await figure(page, 'Events, last hour', '4');
    await page.locator('.bars canvas').waitFor();
    const [start, end] = [await placeOf(page, 0.01), await placeOf(page, 0.5)];
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move(end.x, end.y, { steps: 5 });
    await page.mouse.up();
    await showing(['old critical', 'old error']);
    expect(new URL(page.url()).searchParams.get('q')).toMatch(/^time>=\S+Z time<\S+Z$/);
    await figure(page, 'Matches', '2');
    await page.keyboard.press('Escape');
    await waitFor(async () => (await page.inputValue('#search')) === '', { what: 'the time to leave the search' });
    expect(problems).toEqual([]);
  });

  it('lets a range be chosen instead of the time in the search', async () => {
    const { page, messages } = await openOverview(spread, { path: '/?q=old+since%3A47m' });
    await figure(page, 'Critical', '1');
    await figure(page, 'Error', '0');
    expect(await messages()).toEqual(['old critical']);
    await page.getByLabel('Time range').selectOption('Last 1 h');
    await figure(page, 'Error', '1');
    expect(await page.inputValue('#search')).toBe('old');
  });

  it('says what a bar stands for, by keys too, and narrows to it', async () => {
    const { page, showing } = await openOverview(spread);
    await figure(page, 'Events, last hour', '4');
    const chart = page.getByRole('slider', { name: 'Events over time' });
    await chart.focus();
    expect(await chart.getAttribute('aria-valuetext')).toContain('critical 1, error 1, warning 1, info 1');
    const isAtWarning = async () => {
      await page.keyboard.press('ArrowLeft');
      return (await chart.getAttribute('aria-valuetext'))?.endsWith(': warning 1');
    };
    await waitFor(isAtWarning, { within: 15_000, what: 'the bar of the warning' });
    expect(await page.locator('.readout').textContent()).toMatch(/^\d\d:\d\d:\d\d – \d\d:\d\d:\d\d1$/);
    await page.keyboard.press('Enter');
    await showing(['new warning']);
  });

  it('takes the colours of the theme, also when it changes', async () => {
    const { page } = await openOverview([{ severity: 'critical', message: 'now' }], { path: '/?range=15m' });
    await figure(page, 'Critical', '1');
    const before = await inkOfChart(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await waitFor(async () => (await inkOfChart(page)) !== before, { what: 'the bars in other colours' });
  });
});

/** The colour of the last bar: of the one pixel in the middle of its lower end. */
async function inkOfChart(page: Page): Promise<string> {
  const read = () =>
    page.locator('.bars canvas').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')!.getImageData(0, canvas.height - 4, canvas.width, 1);
      const inked = Array.from({ length: canvas.width }, (_, x) => data.slice(x * 4, x * 4 + 4)).filter(
        ([, , , a]) => a,
      );
      return inked.length === 0 ? null : [...inked[inked.length >> 1]!].join();
    });
  return waitFor(read, { what: 'a bar to be drawn' });
}

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
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

const numbered = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => ({ message: `event ${String(first + index)}` }));
const newestFirst = (last: number) =>
  numbered(1, last)
    .map(({ message }) => message)
    .reverse();

async function makeOptions() {
  return { dataDir: await makeTempDir(), httpPort: await findFreePort(), tcpPort: await findFreePort() };
}

describe('the events page, when the hub goes away', () => {
  it('comes back by itself after a kill, with nothing missing and nothing twice', async () => {
    const options = await makeOptions();
    const hub = await startHubProcess(options);
    await sendOverTcp(hub, numbered(1, 8));
    const { page, live, showing } = await openWebPage(browser, hub.http);
    await live();
    await sendOverTcp(hub, numbered(9, 10));
    await showing(newestFirst(10));

    await hub.kill();
    await page.locator('.connection.waiting').waitFor();
    await page.getByText('Old: not connected since').waitFor();
    await showing(newestFirst(10));

    const restarted = await startHubProcess(options);
    await sendOverTcp(restarted, numbered(11, 14));
    await live();
    await sendOverTcp(restarted, numbered(15, 16));
    await showing(newestFirst(16));
    await page.getByText('Old: not connected since').waitFor({ state: 'detached' });
  });

  it('says when it tries again, and does so at once when asked', async () => {
    const options = await makeOptions();
    const hub = await startHubProcess(options);
    const { page, live } = await openWebPage(browser, hub.http);
    await live();
    await page.clock.install();
    await hub.kill();
    // With the page's clock stopped, its own next attempt never comes: only the button can make one.
    await page.clock.pauseAt(Date.now() + 60_000);
    await page.getByText(/^Reconnecting in \d+ s$/).waitFor();
    await startHubProcess(options);
    const attempt = page.waitForEvent('websocket');
    await page.getByRole('button', { name: 'Now' }).click();
    await attempt;
    await page.clock.resume();
    await live();
  });

  it('starts over with the log of a hub that was set up anew', async () => {
    const options = await makeOptions();
    const hub = await startHubProcess(options);
    await sendOverTcp(hub, numbered(1, 5));
    const { live, showing } = await openWebPage(browser, hub.http);
    await live();
    await hub.kill();
    const other = await startHubProcess({ ...options, dataDir: await makeTempDir() });
    await sendOverTcp(other, [{ message: 'another log' }]);
    await showing(['another log']);
    await live();
  });

  it('keeps the search across a restart', async () => {
    const options = await makeOptions();
    const hub = await startHubProcess(options);
    await sendOverTcp(hub, [{ source: 'a', message: 'mine' }]);
    const { live, showing } = await openWebPage(browser, `${hub.http}/?q=source%3Aa`);
    await live();
    expect(await hub.stop()).toBe(0);
    const restarted = await startHubProcess(options);
    await sendOverTcp(restarted, [
      { source: 'b', message: 'not mine' },
      { source: 'a', message: 'mine too' },
    ]);
    await showing(['mine too', 'mine']);
  });
});

import type { Page } from 'playwright-core';
import { live } from '../camera.ts';
import { said } from '../drafts.ts';
import { openOfficeHub } from '../office-hub.ts';
import type { Scene } from '../scene.ts';
import type { StudioHub } from '../studio-hub.ts';

/** From one share of the chart's width to another. */
async function dragOver(page: Page, from: number, to: number): Promise<void> {
  await page.locator('.bars canvas').waitFor();
  const box = await page.getByRole('slider').boundingBox();
  if (box === null) throw new Error('the chart is not to be seen');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, y, { steps: 5 });
  await page.mouse.up();
}

async function holdWithNews(page: Page, hub: StudioHub): Promise<void> {
  await live(page);
  await page.locator('#events').hover();
  await page.mouse.wheel(0, 280);
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  const ordinary = (n: number) =>
    n % 3 === 0
      ? said({ source: `sensor_0${String((n % 6) + 1)}`, message: `temperature 22.${String(n % 9)} C` })
      : said({ source: `web-0${String(n % 3)}`, message: `served ${String(200 + n * 7)} requests` }, 'ws');
  await hub.send([
    ...Array.from({ length: 35 }, (_, index) => ordinary(index)),
    said({ severity: 'critical', message: 'uplink to sw-access-b down', key: 'uplink' }),
    said({ source: 'ups-b', severity: 'critical', message: 'battery at 9%, 2 minutes left' }),
  ]);
  await page.getByText('2 critical').first().waitFor();
}

export const events: Scene = {
  title: 'Events',
  open: openOfficeHub,
  shots: [
    { name: 'events-light', shows: 'The events of a small office, half a minute into an outage.', act: live },
    { name: 'events-dark', shows: 'The same in the dark theme.', look: { theme: 'dark' } },
    { name: 'events-phone-light', shows: 'The same on a phone.', look: { on: 'phone' } },
    { name: 'events-phone-dark', shows: 'The same on a phone, dark.', look: { on: 'phone', theme: 'dark' } },
    {
      name: 'zoomed',
      shows: 'The outage, chosen by drawing over the chart: search, counts, chart and list show its time.',
      act: async (page) => {
        await live(page);
        await dragOver(page, 0.855, 0.885);
        await page.getByText('Matches,').waitFor();
      },
    },
    {
      name: 'range-15m',
      shows: 'A shorter range, chosen in the bar.',
      path: '/?range=15m',
    },
    {
      name: 'readout',
      shows: 'What one bar of the chart stands for.',
      act: async (page) => {
        await live(page);
        await page.getByRole('slider').focus();
        for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowLeft');
        await page.locator('.readout').waitFor();
      },
    },
    {
      name: 'row-menu',
      shows: 'What can be done with a row: show only what is like it, leave it out, copy it.',
      act: async (page) => {
        await live(page);
        for (let step = 0; step < 4; step += 1) await page.keyboard.press('j');
        await page.keyboard.press('f');
        await page.getByRole('menuitem').first().waitFor();
      },
    },
    {
      name: 'help',
      shows: 'Keys, and the query language by example.',
      act: async (page) => {
        await live(page);
        await page.keyboard.press('?');
      },
    },
    {
      name: 'help-phone',
      shows: 'The same on a phone.',
      look: { on: 'phone' },
      act: async (page) => {
        await live(page);
        await page.keyboard.press('?');
      },
    },
    {
      name: 'loading-older',
      shows: 'The end of what is loaded, while older events are on their way.',
      before: (page) => page.route(/\/api\/events\?.*before=/, () => undefined),
      act: async (page) => {
        await live(page);
        await page.locator('#events').hover();
        await page.mouse.wheel(0, 100_000);
        await page.locator('.skeleton').nth(5).waitFor();
      },
    },
    {
      name: 'held-light',
      shows: 'The list holds still while it is read: a pill counts what waits, and toasts tell what is serious.',
      act: holdWithNews,
    },
    {
      name: 'held-phone-dark',
      shows: 'The same on a phone, dark.',
      look: { on: 'phone', theme: 'dark' },
      act: holdWithNews,
    },
  ],
};

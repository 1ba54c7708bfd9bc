import type { Page } from 'playwright-core';
import { live } from '../camera.ts';
import { said } from '../drafts.ts';
import { openOfficeHub } from '../office-hub.ts';
import type { Scene, Shot } from '../scene.ts';
import type { StudioHub } from '../studio-hub.ts';

const sentence =
  'The replica has fallen behind and is rebuilt from a fresh copy; queries go to the primary meanwhile. ';
const longest = {
  source:
    'datacentre-madrid-alcobendas-row-17-rack-b3-unit-22-power-distribution-unit-left-outlet-group-4-environmental-monitor-sensor-042',
  message: `${sentence.repeat(40).slice(0, 3_999)}.`,
  key: `replication/${'orders-and-invoices-and-shipments/'.repeat(7)}lag`,
  labels: {
    site: 'madrid',
    cluster: 'orders',
    'maintenance-window-of-the-datacentre': 'every second Tuesday of the month, 02:00 to 04:00, unless it is a holiday',
  },
  data: { lag: 94.2, query: `select ${'total_of_the_order, '.repeat(60)}id from orders` },
};

async function sendLongest(_: Page, hub: StudioHub): Promise<void> {
  for (const severity of ['info', 'warning', 'error', 'critical'] as const)
    await hub.send([said({ ...longest, severity })]);
}

const openLongest: Shot['act'] = async (page) => {
  await live(page);
  await page.locator('.event .text').first().click();
  await page.getByRole('complementary').getByText('Show all').first().waitFor();
};

/** A log of ten million events is not made for a picture: the hub's own answers are, with larger numbers. */
async function tenMillion(page: Page): Promise<void> {
  const times = 3_000;
  const scaled = <T extends object>(counts: T): T =>
    Object.fromEntries(
      Object.entries(counts).map(([name, value]) => [name, typeof value === 'number' ? value * times + 417 : value]),
    ) as T;
  await page.route('**/api/stats*', async (route) => {
    const answer = await route.fetch();
    const stats = (await answer.json()) as { bySeverity: object; perMinute: object[]; head: number; total: number };
    const bySeverity = { info: 8_765_432, warning: 1_187_654, error: 46_209, critical: 705 };
    const total = 10_000_000;
    const email = { state: 'ok', sent: 12_408, pending: 1_204, dead: 37 };
    const perMinute = stats.perMinute.map(scaled);
    await route.fulfill({
      response: answer,
      json: { ...stats, bySeverity, perMinute, total, head: 10_012_408, email },
    });
  });
  await page.route('**/api/histogram*', async (route) => {
    const answer = await route.fetch();
    const histogram = (await answer.json()) as { buckets: object[] };
    await route.fulfill({ response: answer, json: { ...histogram, buckets: histogram.buckets.map(scaled) } });
  });
}

export const limits: Scene = {
  title: 'Limits',
  open: openOfficeHub,
  shots: [
    { name: 'millions-light', shows: 'Ten million events.', before: tenMillion },
    { name: 'millions-phone', shows: 'The same on a phone.', before: tenMillion, look: { on: 'phone' } },
    {
      name: 'millions-es',
      shows: 'The same in Spanish.',
      before: tenMillion,
      look: { language: 'es-ES' },
    },
    {
      name: 'longest-light',
      shows: 'Messages of 4,000 characters from a source with the longest name there may be.',
      before: sendLongest,
      act: openLongest,
    },
    { name: 'longest-dark', shows: 'The same in the dark theme.', look: { theme: 'dark' }, act: openLongest },
    { name: 'longest-phone', shows: 'The same on a phone.', look: { on: 'phone' } },
    { name: 'longest-phone-open', shows: 'One of them, open on a phone.', look: { on: 'phone' }, act: openLongest },
  ],
};

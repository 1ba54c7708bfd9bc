import type { Page } from 'playwright-core';
import { live } from '../camera.ts';
import { openOfficeHub } from '../office-hub.ts';
import type { Look, Scene, Shot } from '../scene.ts';

/** An event that was mailed: of the outage, the first error. */
const mailed = '/?q=' + encodeURIComponent('severity>=error since:5m');

async function openMailed(page: Page): Promise<void> {
  await live(page);
  await page.locator('.event .text').last().click();
  await page.getByRole('complementary').getByText('Sent to').or(page.getByText('Enviado a')).first().waitFor();
}

const read = (name: string, shows: string, look: Partial<Look>): Shot => ({
  name,
  shows,
  look,
  path: mailed,
  act: openMailed,
});

export const detail: Scene = {
  title: 'One event',
  open: openOfficeHub,
  shots: [
    read(
      'detail-light',
      'An event, what the hub decided about it and why, and its fields, each of which can be searched for.',
      {},
    ),
    read('detail-dark', 'The same in the dark theme.', { theme: 'dark' }),
    read('detail-phone-light', 'The same on a phone, over the list.', { on: 'phone' }),
    read('detail-phone-dark', 'The same on a phone, dark.', { on: 'phone', theme: 'dark' }),
    {
      name: 'detail-not-yet',
      shows: 'A link to an event that the log does not have yet.',
      path: '/?at=1204118',
      act: async (page) => {
        await live(page);
        await page.getByText('No such event yet').waitFor();
      },
    },
  ],
};

import { live } from '../camera.ts';
import { openOfficeHub } from '../office-hub.ts';
import type { Scene, Shot } from '../scene.ts';

const noAnswer: Shot['before'] = (page) => page.route('**/api/**', (route) => route.abort());
const noEvents: Shot['act'] = async (page) => page.getByText('Events could not be loaded').waitFor();
const lose: Shot['act'] = async (page, hub) => {
  await live(page);
  await hub.stop();
  await page.locator('.connection.waiting').waitFor();
};

export const trouble: Scene = {
  title: 'Without the hub',
  open: openOfficeHub,
  shots: [
    { name: 'not-loaded-light', shows: 'The page has come, but no events.', before: noAnswer, act: noEvents },
    {
      name: 'no-counts',
      shows: 'Events come, but no counts.',
      before: (page) => page.route(/\/api\/(stats|histogram)/, (route) => route.abort()),
      act: async (page) => {
        await page.locator('.connection.live').waitFor();
        await page.getByText('No counts').waitFor();
      },
    },
    {
      name: 'reconnecting-light',
      shows: 'The connection is gone: the badge says when the page tries again, and what is shown is marked as old.',
      act: lose,
    },
  ],
};

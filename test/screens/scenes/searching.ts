import { live } from '../camera.ts';
import { openOfficeHub } from '../office-hub.ts';
import type { Scene, Shot } from '../scene.ts';

const query = 'severity>=error source:sw-* -label.rack:a "link flapping"';
const nothing = `/?q=${encodeURIComponent(query)}`;
const unreadable: Shot['act'] = async (page) => {
  await live(page);
  await page.locator('#search').fill('severity>=loud source:sw-*');
  await page.keyboard.press('Enter');
  await page.locator('.search .message').waitFor();
};

export const searching: Scene = {
  title: 'Searching',
  open: openOfficeHub,
  shots: [
    {
      name: 'search',
      shows: 'A search, its matches and their counts.',
      path: `/?q=${encodeURIComponent('severity>=warning -source:sensor_* label.rack:b')}`,
    },
    { name: 'nothing-matches-light', shows: 'Nothing matches: which terms could be left out.', path: nothing },
    { name: 'nothing-matches-dark', shows: 'The same in the dark theme.', path: nothing, look: { theme: 'dark' } },
    { name: 'nothing-matches-phone', shows: 'The same on a phone.', path: nothing, look: { on: 'phone' } },
    {
      name: 'query-error-light',
      shows: 'A search that cannot be read: what was expected, and where.',
      act: unreadable,
    },
    {
      name: 'query-error-phone-dark',
      shows: 'The same on a phone, dark.',
      look: { on: 'phone', theme: 'dark' },
      act: unreadable,
    },
    {
      name: 'query-error-linked',
      shows: 'A link to a search that cannot be read.',
      path: `/?q=${encodeURIComponent('severity>=loud source:sw-*')}`,
      act: async (page) => page.locator('.state').waitFor(),
    },
  ],
};

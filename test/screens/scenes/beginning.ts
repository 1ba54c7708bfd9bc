import { live } from '../camera.ts';
import { said } from '../drafts.ts';
import type { Scene } from '../scene.ts';
import { openStudioHub } from '../studio-hub.ts';

export const beginning: Scene = {
  title: 'The first run',
  open: () => openStudioHub(),
  shots: [
    { name: 'first-run-light', shows: 'No event yet: three ways to send the first one, ready to copy.' },
    { name: 'first-run-dark', shows: 'The same in the dark theme.', look: { theme: 'dark' } },
    { name: 'first-run-phone', shows: 'The same on a phone.', look: { on: 'phone' } },
    {
      name: 'one-event',
      shows: 'The first event has come.',
      act: async (page, hub) => {
        await live(page);
        await hub.send([said({ source: 'my-script', message: 'hello' }, 'http')]);
        await page.getByText('The first event is here.').waitFor();
        await page.locator('.tile:first-child strong', { hasText: '1' }).waitFor();
      },
    },
    { name: 'one-event-phone', shows: 'The same on a phone, opened later.', look: { on: 'phone' } },
  ],
};

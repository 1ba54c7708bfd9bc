import { said } from '../drafts.ts';
import { openPostOffice } from '../post-office.ts';
import type { Scene } from '../scene.ts';
import { mailBy, openStudioHub, type StudioHub } from '../studio-hub.ts';

async function openQuietHub(): Promise<StudioHub> {
  const hub = await openStudioHub();
  await hub.send([said({ message: 'configuration saved by netops' })]);
  return hub;
}

export const noMails: Scene = {
  title: 'No mails',
  open: openQuietHub,
  shots: [
    {
      name: 'mails-off',
      shows: 'E-mail is off: what to set.',
      path: '/?view=mails',
      act: (page) => page.locator('.command').waitFor(),
    },
    {
      name: 'mails-off-phone-dark',
      shows: 'The same on a phone, dark.',
      path: '/?view=mails',
      look: { on: 'phone', theme: 'dark' },
      act: (page) => page.locator('.command').waitFor(),
    },
    {
      name: 'mails-none',
      shows: 'E-mail is on, and nothing was mailed yet.',
      path: '/?view=mails',
      before: async (_, hub) => {
        const postOffice = await openPostOffice();
        await hub.restart(mailBy(postOffice));
      },
      act: (page) => page.getByText('No mails yet').waitFor(),
    },
  ],
};

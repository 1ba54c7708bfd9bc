import { live } from '../camera.ts';
import { said } from '../drafts.ts';
import { openPostOffice } from '../post-office.ts';
import type { Scene, Shot } from '../scene.ts';
import { mailBy, openStudioHub, type StudioHub } from '../studio-hub.ts';
import { liveUntil, officeBefore } from '../office-day.ts';
import { takenAt } from '../clock.ts';

async function openRefusedHub(): Promise<StudioHub> {
  const postOffice = await openPostOffice();
  const login = { 'email.user': 'alert-hub', 'email.password': 'of-last-year' };
  const hub = await openStudioHub(mailBy(postOffice, 'ops@example.com', login), postOffice);
  await liveUntil(takenAt, officeBefore(4), hub);
  await hub.send([
    said({ severity: 'critical', message: 'uplink to sw-access-b down', key: 'uplink', labels: { rack: 'a' } }),
  ]);
  return hub;
}

const banner: Shot['act'] = async (page) => {
  await live(page);
  await page.locator('.banner bdi').waitFor();
};

export const mailPaused: Scene = {
  title: 'Mail is paused',
  open: openRefusedHub,
  shots: [
    {
      name: 'mail-paused-light',
      shows: 'The mail server refuses the login: said on every view, with what to do.',
      act: banner,
    },
    { name: 'mail-paused-dark', shows: 'The same in the dark theme.', look: { theme: 'dark' }, act: banner },
    { name: 'mail-paused-phone', shows: 'The same on a phone.', look: { on: 'phone' }, act: banner },
    {
      name: 'mail-paused-mails',
      shows: 'The mails that wait meanwhile.',
      path: '/?view=mails',
      act: async (page) => {
        await page.locator('.banner bdi').waitFor();
        await page.getByText('ops@example.com').first().waitFor();
      },
    },
  ],
};

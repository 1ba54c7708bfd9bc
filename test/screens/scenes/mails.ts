import type { Page } from 'playwright-core';
import { said } from '../drafts.ts';
import { openPostOffice } from '../post-office.ts';
import type { Look, Scene, Shot } from '../scene.ts';
import { mailBy, openStudioHub, type StudioHub } from '../studio-hub.ts';

const people = ['ops@example.com', 'night-shift@example.com', 'a.former.colleague@example.com'];

/** One mailbox takes everything, one is full, one is gone. */
async function openMailingHub(): Promise<StudioHub> {
  const postOffice = await openPostOffice({
    'night-shift@example.com': '452 4.2.2 The recipient mailbox is over its quota, try again later',
    'a.former.colleague@example.com':
      '550 5.1.1 <a.former.colleague@example.com>: Recipient address rejected: User unknown',
  });
  const hub = await openStudioHub(mailBy(postOffice, people.join()), postOffice);
  await hub.send([said({ message: 'configuration saved by netops' })]);
  await hub.send([
    said({
      source: 'web-02',
      severity: 'error',
      message: 'cannot reach db-orders: connection refused',
      key: 'web-02/database',
    }),
  ]);
  await hub.send([
    said({ source: 'ups-b', severity: 'critical', message: 'battery at 9%, 2 minutes left', key: 'ups-b/battery' }),
  ]);
  return hub;
}

async function list(page: Page): Promise<void> {
  await page
    .getByText(/^(Given up|Abandonado)$/)
    .nth(2)
    .waitFor();
  await page
    .getByText(/^(Sent|Enviado)$/)
    .nth(2)
    .waitFor();
}

const mail = (name: string, shows: string, look: Partial<Look>): Shot => ({
  name,
  shows,
  look,
  path: '/?view=mails',
  act: list,
});

export const mails: readonly Scene[] = [
  {
    title: 'Mails',
    open: openMailingHub,
    shots: [
      mail('mails-light', 'Mails that were sent, wait and were given up, with what the mail server said.', {}),
      mail('mails-dark', 'The same in the dark theme.', { theme: 'dark' }),
      mail('mails-phone', 'The same on a phone.', { on: 'phone' }),
      mail('mails-es', 'The same in Spanish.', { language: 'es-ES' }),
    ],
  },
];

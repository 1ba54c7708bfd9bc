import { live } from '../camera.ts';
import { openOfficeHub } from '../office-hub.ts';
import type { Look, Scene } from '../scene.ts';

const spoken = { language: 'es-ES' } as const;
const onPhone: Partial<Look> = { ...spoken, on: 'phone' };

export const spanish: Scene = {
  title: 'In Spanish',
  open: openOfficeHub,
  shots: [
    { name: 'es-events', shows: 'Events, for a reader of Spanish.', look: spoken },
    { name: 'es-events-phone', shows: 'The same on a phone.', look: onPhone },
    {
      name: 'es-detail',
      shows: 'One event.',
      look: { ...spoken, theme: 'dark' },
      path: `/?q=${encodeURIComponent('severity>=error since:5m')}`,
      act: async (page) => {
        await live(page);
        await page.locator('.event .text').last().click();
        await page.getByText('Enviado a').first().waitFor();
      },
    },
    {
      name: 'es-help',
      shows: 'Keys and the query language.',
      look: spoken,
      act: async (page) => {
        await live(page);
        await page.keyboard.press('?');
      },
    },
    {
      name: 'es-reconnecting',
      shows: 'The connection is gone.',
      look: spoken,
      act: async (page, hub) => {
        await live(page);
        await hub.stop();
        await page.locator('.connection.waiting').waitFor();
      },
    },
  ],
};

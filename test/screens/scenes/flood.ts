import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Sent } from '../../../demo/office/office.ts';
import { live } from '../camera.ts';
import { said } from '../drafts.ts';
import { openOfficeHub } from '../office-hub.ts';
import type { Scene } from '../scene.ts';
import type { StudioHub } from '../studio-hub.ts';

const portsDown = 16;
const burstEveryMs = 350;

/** A switch that has lost its mind, twice a second a few hundred lines of it. */
function burst(): readonly Sent[] {
  const flapping = Array.from({ length: 190 }, (_, index) =>
    said({ source: `sw-edge-${String((index % 6) + 1)}`, message: `port ${String((index % 48) + 1)}: link up` }),
  );
  const down = Array.from({ length: portsDown }, (_, index) =>
    said({
      source: `sw-edge-${String((index % 6) + 1)}`,
      severity: index % 4 === 0 ? 'critical' : 'error',
      message: index % 4 === 0 ? 'stack member lost' : 'spanning tree: loop found, port blocked',
      key: `port ${String(index)}`,
    }),
  );
  return [...flapping, ...down];
}

/** Goes on until the page is closed: it must still be a flood when the picture is taken. */
async function pour(page: Page, hub: StudioHub): Promise<void> {
  while (!page.isClosed()) {
    await hub.send(burst());
    await delay(burstEveryMs);
  }
}

async function drown(page: Page, hub: StudioHub): Promise<void> {
  await live(page);
  void pour(page, hub);
  await page.locator('.panel-bar').waitFor();
  await page.locator('.toast').nth(1).waitFor();
}

export const flood: Scene = {
  title: 'A flood',
  open: openOfficeHub,
  shots: [
    {
      name: 'flood-light',
      shows: 'More events than anyone reads are counted, not shown; what is serious is told in groups.',
      act: drown,
    },
    { name: 'flood-dark', shows: 'The same in the dark theme.', look: { theme: 'dark' }, act: drown },
    { name: 'flood-phone', shows: 'The same on a phone.', look: { on: 'phone' }, act: drown },
    {
      name: 'flood-phone-es',
      shows: 'The same on a phone, in Spanish.',
      look: { on: 'phone', language: 'es-ES' },
      act: drown,
    },
  ],
};

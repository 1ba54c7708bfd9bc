import { mkdir } from 'node:fs/promises';
import { launchChromium } from '../support/chromium.ts';
import { folder, take } from './camera.ts';
import { writeCaptions } from './captions.ts';
import { setClock, takenAt } from './clock.ts';
import { scenes } from './scenes.ts';
import type { Scene } from './scene.ts';

/** `npm run screens` takes every picture of `docs/screens/`; `npm run screens -- flood mails` those whose name has one of the words in it. */
const words = process.argv.slice(2);

function isWanted({ name }: { readonly name: string }): boolean {
  return words.length === 0 || words.some((word) => name.includes(word));
}

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeCaptions(scenes);
  const browser = await launchChromium();
  try {
    for (const scene of scenes) await shoot(scene);
  } finally {
    await browser.close();
  }

  async function shoot({ open, shots }: Scene): Promise<void> {
    const wanted = shots.filter(isWanted);
    if (wanted.length === 0) return;
    setClock(takenAt);
    const hub = await open();
    try {
      for (const shot of wanted) {
        process.stdout.write(`${shot.name}\n`);
        await take(browser, hub, shot);
      }
    } finally {
      await hub.remove();
    }
  }
}

// A worker's handle or a browser's socket must not keep it alive.
await main();
process.exit();

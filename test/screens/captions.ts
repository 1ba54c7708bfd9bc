import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folder } from './camera.ts';
import type { Scene } from './scene.ts';

const introduction = `# Screens

Every state of the dashboard, as \`npm run screens\` takes it from a real hub; do not edit this page, it is written with the pictures.
\`npm run screens -- WORD\` takes only those with the word in their name.
`;

/** Writes the page that shows every picture, under what can be seen in it. */
export async function writeCaptions(scenes: readonly Scene[]): Promise<void> {
  const parts = scenes.map(({ title, shots }) => [
    `## ${title}`,
    ...shots.map(({ name, shows }) => `${shows}\n\n![${shows}](${name}.png)`),
  ]);
  await writeFile(join(folder, 'README.md'), `${[introduction.trim(), ...parts.flat()].join('\n\n')}\n`);
}

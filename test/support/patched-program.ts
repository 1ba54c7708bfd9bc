import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTempDir } from './temp-dir.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of the built program in which `text` reads `replacement`, as `HubOptions.program`: a hub with a fault of its own.
 *  Throws when the text is not there exactly once, since the fault would be none. */
export async function patchedProgram(text: string, replacement: string): Promise<string> {
  const copy = await makeTempDir();
  await cp(join(root, 'bin'), join(copy, 'bin'), { recursive: true });
  await cp(join(root, 'package.json'), join(copy, 'package.json'));
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  await mkdir(join(copy, 'dist'));
  let found = 0;
  for (const name of (await readdir(join(root, 'dist'))).filter((each) => each.endsWith('.js'))) {
    const code = await readFile(join(root, 'dist', name), 'utf8');
    found += code.split(text).length - 1;
    await writeFile(join(copy, 'dist', name), code.replaceAll(text, replacement));
  }
  if (found !== 1) throw new Error(`the build has ${found} places that read ${text}`);
  return join(copy, 'bin/alert-hub.js');
}

/**
 * Builds `dist/`: the programs and worker threads with esbuild, the page with Vite (`dist/web`).
 * `node scripts/build.js server` or `… page` builds only that part. Most packages stay outside of the bundles. A file that did not change is not written, and a changed one appears whole, so a build beside a
 * running hub or test run never shows it half a file.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = join(root, 'dist');

/** Each becomes `dist/<name>.js`; a worker thread is started from its own file, so it is an entry too. */
const entries = [
  'src/main.ts',
  'src/start/preflight.ts',
  'src/sinks/sqlite/log-writer-thread.ts',
  'src/sinks/sqlite/log-reader-thread.ts',
  'src/sinks/sqlite/log-check-thread.ts',
  'src/sinks/sqlite/statistics-thread.ts',
];

/** Packages of many files, which a hub and each of its threads would find, read and compile one by one: half of the time of
 *  a start, and a third of the memory. The others are native, of few files, or loaded only when they are needed. */
const bundled = ['kysely', 'rxjs', 'uuidv7', 'zod'];

/** Of a package in a bundle nothing is mapped: a hub reads all maps when it starts, and these would be the most of them. */
const unmapped = {
  name: 'unmapped',
  setup({ onLoad }) {
    const map = Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString('base64');
    onLoad({ filter: /[\\/]node_modules[\\/].*\.js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${map}`,
    }));
  },
};

async function buildServer() {
  const { build } = await import('esbuild');
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir,
    entryNames: '[name]',
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    // For Node the package names its CommonJS, of which nothing can be left out.
    alias: { rxjs: join(root, 'node_modules/rxjs/dist/esm/index.js') },
    external: Object.keys(dependencies).filter((name) => !bundled.includes(name)),
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [unmapped],
    logLevel: 'silent',
    write: false,
  });
  await mkdir(outdir, { recursive: true });
  // Shared chunks first: an entry must never name a chunk that is not there yet.
  const isChunk = ({ path }) => basename(path).startsWith('chunk-');
  for (const file of outputFiles.filter(isChunk)) await writeIfChanged(file);
  for (const file of outputFiles.filter((output) => !isChunk(output))) await writeIfChanged(file);
  await removeAllBut(new Set(outputFiles.map(({ path }) => basename(path))));
}

async function writeIfChanged({ path, contents }) {
  const present = existsSync(path) ? await readFile(path) : undefined;
  if (present?.equals(contents)) return;
  const unfinished = `${path}.${process.pid}.tmp`;
  await writeFile(unfinished, contents);
  await rename(unfinished, path);
}

async function removeAllBut(names) {
  const isStale = (name) => /\.js(\.map)?$/.test(name) && !names.has(name);
  for (const name of (await readdir(outdir)).filter(isStale)) await rm(join(outdir, name), { force: true });
}

async function buildPage() {
  const { build } = await import('vite');
  await build({ root: join(root, 'web'), logLevel: 'warn' });
}

/** A package installed with `--omit=dev` runs the `dist/` it was shipped with: nothing to build, and nothing to build it with. */
function explainMissingTools() {
  const isBuilt = existsSync(join(outdir, 'main.js'));
  if (isBuilt) return;
  console.error('cannot build dist/: the development dependencies are not installed; run `npm ci` without --omit=dev');
  if (process.env.npm_lifecycle_event !== 'prepare') process.exitCode = 1;
}

const part = process.argv[2];
try {
  if (part !== 'page') await buildServer();
  if (part !== 'server') await buildPage();
} catch (error) {
  if (error.code === 'ERR_MODULE_NOT_FOUND') explainMissingTools();
  else {
    // Both tools put everything that a person needs in the message: file, line, and what is wrong there.
    console.error(error.message);
    process.exitCode = 1;
  }
}

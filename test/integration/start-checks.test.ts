import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeTempDir } from '../support/temp-dir.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of the installed program that can be broken. Its main program only says that it was reached. */
async function copyProgram(): Promise<string> {
  const copy = await makeTempDir();
  await cp(join(root, 'bin'), join(copy, 'bin'), { recursive: true });
  await cp(join(root, 'package.json'), join(copy, 'package.json'));
  await mkdir(join(copy, 'dist'));
  const built = (await readdir(join(root, 'dist'))).filter((name) => name.endsWith('.js'));
  for (const name of built) await cp(join(root, 'dist', name), join(copy, 'dist', name));
  await writeFile(join(copy, 'dist/main.js'), 'console.log("started");\n');
  await mkdir(join(copy, 'node_modules'));
  for (const name of ['better-sqlite3', 'bindings', 'file-uri-to-path', 'uWebSockets.js']) {
    await symlink(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  }
  return copy;
}

/** Puts a copy in place of a linked package, of which only the named entries are left. */
async function replacePackage(copy: string, name: string, kept: readonly string[]): Promise<string> {
  const path = join(copy, 'node_modules', name);
  await unlink(path);
  await mkdir(path);
  for (const entry of kept) await cp(join(root, 'node_modules', name, entry), join(path, entry), { recursive: true });
  return path;
}

interface Exit {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(copy: string, ...args: readonly string[]): Promise<Exit> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(copy, 'bin/alert-hub.js'), ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** One line for a person, no stack trace, and the program not reached. */
function expectRefusal(exit: Exit, message: RegExp): void {
  expect(exit).toMatchObject({ code: 1, stdout: '' });
  expect(exit.stderr).toMatch(message);
  expect(exit.stderr.trimEnd().split('\n')).toHaveLength(1);
}

const serverBinary = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;

describe('alert-hub', () => {
  it('starts when everything is in place', async () => {
    expect(await run(await copyProgram(), 'serve')).toEqual({ code: 0, stdout: 'started\n', stderr: '' });
  });

  it('names the supported versions of Node when it is started with another', async () => {
    const copy = await copyProgram();
    const manifest = await readFile(join(copy, 'package.json'), 'utf8');
    await writeFile(join(copy, 'package.json'), manifest.replace(/"node": ".*"/, '"node": "^98.1.0 || ^99.0.0"'));
    expectRefusal(
      await run(copy),
      /^alert-hub: Node [\d.]+ is not supported; install Node 98\.1\.0 or 99\.0\.0, or a later /,
    );
  });

  it('asks for a build when there is none', async () => {
    const copy = await copyProgram();
    await unlink(join(copy, 'dist/main.js'));
    expectRefusal(await run(copy, 'serve'), /dist\/ is not built; run `npm run build`/);
  });

  it('tells how to get a compiler when SQLite was never compiled', async () => {
    const copy = await copyProgram();
    await replacePackage(copy, 'better-sqlite3', ['package.json', 'lib']);
    expectRefusal(await run(copy, 'serve'), /not compiled .* install .*, then run `npm rebuild better-sqlite3`/);
  });

  it('asks for a rebuild when the binary of SQLite is damaged', async () => {
    const copy = await copyProgram();
    const path = await replacePackage(copy, 'better-sqlite3', ['package.json', 'lib']);
    await mkdir(join(path, 'build/Release'), { recursive: true });
    await writeFile(join(path, 'build/Release/better_sqlite3.node'), 'not a binary');
    expectRefusal(await run(copy, 'serve'), /better-sqlite3 does not load \(.+\); run `npm rebuild better-sqlite3`/);
  });

  it('names platform and version when uWebSockets.js has no binary for them', async () => {
    const copy = await copyProgram();
    await replacePackage(copy, 'uWebSockets.js', ['package.json', 'uws.js']);
    expectRefusal(
      await run(copy, 'serve'),
      new RegExp(`no binary for Node ${process.versions.node} on ${process.platform} ${process.arch};`),
    );
  });

  it('asks for a new install when the binary of uWebSockets.js is damaged', async () => {
    const copy = await copyProgram();
    const path = await replacePackage(copy, 'uWebSockets.js', ['package.json', 'uws.js']);
    await writeFile(join(path, serverBinary), 'not a binary');
    expectRefusal(await run(copy, 'serve'), /uWebSockets\.js does not load \(.+\); run `npm ci`/);
  });

  it.each(['better-sqlite3', 'uWebSockets.js'])('asks for an install when %s is missing', async (name) => {
    const copy = await copyProgram();
    await unlink(join(copy, 'node_modules', name));
    expectRefusal(await run(copy, 'serve'), new RegExp(`${name} is not installed; run \`npm ci\``));
  });

  it('loads no native package for a verb that needs none', async () => {
    const copy = await copyProgram();
    await replacePackage(copy, 'better-sqlite3', []);
    await replacePackage(copy, 'uWebSockets.js', []);
    expect(await run(copy, 'send', '--help')).toEqual({ code: 0, stdout: 'started\n', stderr: '' });
  });
});

import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const macApplications = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
];

const usualPlaces = [
  '/usr/bin/chromium',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  ...['/Applications', join(homedir(), 'Applications')].flatMap((directory) =>
    macApplications.map((application) => join(directory, application)),
  ),
];

const isRoot = process.getuid?.() === 0;

/** The browser that `CHROME_PATH` names, or else the first installed Chrome or Chromium; undefined when there is none. */
async function findChromium({ env } = process): Promise<string | undefined> {
  const chosen = env['CHROME_PATH'];
  if (chosen !== undefined && chosen !== '') {
    if (await isExecutable(chosen)) return chosen;
    throw new Error(`CHROME_PATH: no executable file at ${chosen}`);
  }
  const directories = (env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  const onPath = names.flatMap((name) => directories.map((directory) => join(directory, name)));
  for (const path of [...onPath, ...usualPlaces]) if (await isExecutable(path)) return path;
  return undefined;
}

/**
 * Makes sure that there is a browser to test with: installs Debian's when there is none and we may. Fails, saying what
 * to do, rather than let the end-to-end tests be skipped.
 */
export async function ensureChromium(): Promise<string> {
  const present = await findChromium();
  if (present !== undefined) return present;
  const failure = isRoot ? await installChromium() : 'not root';
  const installed = await findChromium();
  if (installed !== undefined) return installed;
  throw new Error(
    `no Chrome or Chromium found, and none could be installed (${failure ?? 'the package brought none'}): ` +
      'install one (Debian: `apt-get install chromium`) or set CHROME_PATH to it',
  );
}

/** Starts a browser with a profile of its own, which cannot reach anything but this machine. Whoever started it closes it. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: await ensureChromium(),
    headless: true,
    // Chromium refuses to run its sandbox as root.
    chromiumSandbox: !isRoot,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]',
    ],
  });
}

/** Returns why it failed, if it did. `flock` because apt-get gives up when another test run is installing too. */
async function installChromium(): Promise<string | undefined> {
  const install = 'apt-get update -q && apt-get install -q -y --no-install-recommends chromium';
  const lock = join(tmpdir(), 'alert-hub-chromium.lock');
  try {
    await promisify(execFile)('flock', [lock, 'sh', '-c', `command -v chromium || { ${install}; }`], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 16 * 1024 * 1024,
    });
    return undefined;
  } catch (error) {
    return String(error);
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

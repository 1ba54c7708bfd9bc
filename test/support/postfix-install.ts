import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const programs = ['/usr/sbin/postfix', '/usr/sbin/saslpasswd2'];
/** `libsasl2-modules` brings the login, and nothing but a recommendation would. */
const packages = 'postfix libsasl2-modules sasl2-bin';
/** A lock of another run, a download on a slow line; whoever waits longer has no Debian to ask. */
const longestInstallMs = 240_000;

/**
 * Installs Debian's Postfix unless it is there, for a server that a test starts by itself: the package is left without a
 * configuration, and nothing of it is started. Another mail server is not replaced by it.
 */
const install = `
[ -x /usr/sbin/postfix ] && [ -x /usr/sbin/saslpasswd2 ] && exit
command -v apt-get debconf-set-selections >/dev/null || { echo 'this is not Debian' >&2; exit 1; }
[ -x /usr/sbin/postfix ] || ! [ -e /usr/sbin/sendmail ] || { echo 'another mail server is installed' >&2; exit 1; }
if ! [ -e /usr/sbin/policy-rc.d ]; then
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
fi
[ -x /usr/sbin/postfix ] || echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
apt-get update -q && apt-get install -q -y --no-install-recommends ${packages}
`;

/** Why no Postfix can be started here, with what to do about it; undefined when one can. Installs it where it may. */
export async function postfixIsMissing(): Promise<string | undefined> {
  const failure = process.getuid?.() === 0 ? await ensureInstalled() : 'it can only be started by root';
  if (failure === undefined) return undefined;
  const remedy = `as root on Debian: \`apt-get install --no-install-recommends ${packages}\``;
  return `no Postfix to test with (${failure}); ${remedy}`;
}

/** Returns why it failed, if it did. `flock` because apt-get gives up when another test run is installing too. */
async function ensureInstalled(): Promise<string | undefined> {
  if (await areExecutable(programs)) return undefined;
  try {
    await promisify(execFile)('flock', [join(tmpdir(), 'alert-hub-postfix.lock'), 'sh', '-c', install], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 16 * 1024 * 1024,
      timeout: longestInstallMs,
    });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    return stderr.trim().split('\n').at(-1) || String(error);
  }
  return (await areExecutable(programs)) ? undefined : 'its packages brought no postfix and saslpasswd2';
}

async function areExecutable(paths: readonly string[]): Promise<boolean> {
  return Promise.all(paths.map((path) => access(path, constants.X_OK))).then(
    () => true,
    () => false,
  );
}

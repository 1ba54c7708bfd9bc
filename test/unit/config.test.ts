import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, type Config } from '../../src/config/config.ts';
import { routesOf } from '../../src/config/routes.ts';
import { refuseOpenDoors } from '../../src/start/open-doors.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const nothing = { flags: {}, env: {}, file: undefined };

async function aFile(text: string, name = 'hub.yaml'): Promise<string> {
  const file = join(await makeTempDir(), name);
  await writeFile(file, text);
  return file;
}

/** The lines of the error. */
function mistakes(input: Parameters<typeof loadConfig>[0]): readonly string[] {
  try {
    loadConfig(input);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('the settings are right');
}

describe('the settings', () => {
  it('have defaults', () => {
    expect(loadConfig(nothing)).toMatchObject({
      dataDir: './data',
      http: { host: '127.0.0.1', port: 8080 },
      tcp: { host: '127.0.0.1', port: 9000 },
      subscribers: { maxMemory: 128 * 1024 * 1024 },
      allowAnonymous: false,
      log: { level: 'info' },
    });
  });

  it('are taken from a flag over the environment over the file', async () => {
    const file = await aFile('dataDir: file\nhttp: { port: 1, host: ::1 }\ntcp:\n  port: 1\n');
    const env = { HUB_HTTP_PORT: '2', HUB_DATA_DIR: 'environment', HUB_ALLOW_ANONYMOUS: 'true' };
    const config = loadConfig({ file, env, flags: { dataDir: 'flag' } });
    expect(config).toMatchObject({
      dataDir: 'flag',
      http: { host: '::1', port: 2 },
      tcp: { host: '127.0.0.1', port: 1 },
      allowAnonymous: true,
    });
  });

  it('may be a file that is empty, or has a section without content', async () => {
    expect(loadConfig({ ...nothing, file: await aFile('') })).toEqual(loadConfig(nothing));
    const env = { HUB_HTTP_PORT: '2' };
    expect(loadConfig({ ...nothing, env, file: await aFile('http:\n') }).http.port).toBe(2);
  });

  it('are refused with all mistakes at once, each with its place, rule and value', async () => {
    const file = await aFile('dataDir: d\nhttp:\n  port: 70000\n  prot: 1\nlog:\n  level: loud\nsubscriber: {}\n');
    const env = { HUB_TCP_PORT: 'nine' };
    const flags = { publicUrl: 'alerts' };
    expect([...mistakes({ file, env, flags })].sort()).toEqual(
      [
        `${file}:3: http.port must be from 0 to 65535; got 70000`,
        `${file}:4: http.prot is not a setting`,
        `${file}:6: log.level must be debug, info, warn or error; got "loud"`,
        `${file}:7: subscriber is not a setting`,
        'HUB_TCP_PORT: tcp.port must be a whole number from 0 to 65535; got "nine"',
        '--public-url: publicUrl must be a URL such as https://alerts.example.com; got "alerts"',
      ].sort(),
    );
  });

  it.each([
    ['a section that is a value', 'http: 8080\n', /^.*hub\.yaml:1: http .*; got 8080$/],
    ['a list', '- a\n', /^.*hub\.yaml:1: must hold settings as name: value$/],
    ['a name that is given twice', 'dataDir: a\ndataDir: b\n', /^.*hub\.yaml:2: /],
    ['text that is not YAML', 'http: {\n', /^.*hub\.yaml:\d+: /],
  ])('are refused with the line of %s', async (_, text, expected) => {
    expect(mistakes({ ...nothing, file: await aFile(text) })).toEqual([expect.stringMatching(expected) as string]);
  });

  it('are refused when their file is not there', () => {
    expect(mistakes({ ...nothing, file: 'no-such-file.yaml' })).toEqual([
      expect.stringMatching(/^no-such-file\.yaml: cannot be read; ENOENT/) as string,
    ]);
  });

  it.each([
    ['64MiB', 64 * 1024 ** 2],
    ['1 GiB', 1024 ** 3],
    [4096, 4096],
  ])('read a size of %j', async (size, bytes) => {
    const file = await aFile(`subscribers: { maxMemory: ${size} }\n`);
    expect(loadConfig({ ...nothing, file }).subscribers.maxMemory).toBe(bytes);
  });
});

describe('the settings of limits', () => {
  it('are taken from the environment and the file', async () => {
    const file = await aFile(
      'limits:\n  bytesPerSecond: 2MiB\n  idleTimeout: 10m\ntrustedProxies: [10.0.0.0/8, "::1"]\n',
    );
    const { limits, trustedProxies } = loadConfig({ ...nothing, file, env: { HUB_LIMITS_EVENTS_PER_SECOND: '5000' } });
    expect(limits).toMatchObject({ bytesPerSecond: 2 * 1024 ** 2, idleTimeout: 600_000, eventsPerSecond: 5_000 });
    expect(trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    const env = { HUB_TRUSTED_PROXIES: '192.0.2.1, 2001:db8::/32' };
    expect(loadConfig({ ...nothing, file, env }).trustedProxies).toEqual(['192.0.2.1', '2001:db8::/32']);
  });

  it('set no rate for events and bytes by themselves, and trust no proxy', () => {
    const { limits, trustedProxies } = loadConfig(nothing);
    expect([limits.eventsPerSecond, limits.bytesPerSecond, trustedProxies]).toEqual([undefined, undefined, []]);
  });

  it('are refused with their rule', async () => {
    const file = await aFile('limits: { connections: 0 }\ntrustedProxies: [10.0.0.0/33]\n');
    expect(mistakes({ ...nothing, file })).toEqual([
      `${file}:1: limits.connections must be a whole number from 1; got 0`,
      `${file}:2: trustedProxies must be networks such as 10.0.0.0/8 or 2001:db8::/32, or addresses; got ["10.0.0.0/33"]`,
    ]);
  });
});

describe('the token of the settings', () => {
  it('is read from the environment, or from a file', async () => {
    const token = 'x'.repeat(32);
    expect(loadConfig({ ...nothing, env: { HUB_ADMIN_TOKEN: token } }).adminToken).toBe(token);
    const env = { HUB_ADMIN_TOKEN_FILE: await aFile(`${token}\n`) };
    expect(loadConfig({ ...nothing, env }).adminToken).toBe(token);
  });

  it.each(['short-secret', `${'s3cret'.repeat(6)} x`, `${'s3cret'.repeat(6)}é`, 's3cret'.repeat(50)])(
    'is refused, and not shown, when it is %j',
    (token) => {
      const [line = '', ...others] = mistakes({ ...nothing, env: { HUB_ADMIN_TOKEN: token } });
      expect(others).toEqual([]);
      expect(line).toMatch(/^HUB_ADMIN_TOKEN: adminToken must be 32 to 256 .*; got one that is not shown$/);
    },
  );
});

describe('the settings of e-mail', () => {
  it('are taken from the environment as HUB_SMTP_… and HUB_ALERT_…, addresses as a comma list', () => {
    const env = {
      HUB_SMTP_URL: 'smtps://mail.example',
      HUB_SMTP_CA_FILE: 'ca.pem',
      HUB_ALERT_TO: 'a@example.com, b@example.com',
      HUB_ALERT_MIN_SEVERITY: 'warning',
    };
    expect(loadConfig({ ...nothing, env })).toMatchObject({
      email: { url: 'smtps://mail.example', caFile: 'ca.pem' },
      alert: { to: ['a@example.com', 'b@example.com'], minSeverity: 'warning' },
    });
  });

  it('read the password from a file, without its line end', async () => {
    const env = { HUB_SMTP_PASSWORD_FILE: await aFile(' pass word \n') };
    expect(loadConfig({ ...nothing, env }).email.password).toBe(' pass word ');
    expect(loadConfig({ ...nothing, env: { ...env, HUB_SMTP_PASSWORD: 'direct' } }).email.password).toBe('direct');
    expect(mistakes({ ...nothing, env: { HUB_SMTP_PASSWORD_FILE: 'no-such-file' } })).toEqual([
      expect.stringMatching(/^HUB_SMTP_PASSWORD_FILE: cannot be read; ENOENT/) as string,
    ]);
  });

  it('read the password from a credential of systemd, which the environment goes over', async () => {
    const credential = await aFile('from systemd\n', 'HUB_SMTP_PASSWORD');
    const env = { CREDENTIALS_DIRECTORY: dirname(credential) };
    expect(loadConfig({ ...nothing, env }).email.password).toBe('from systemd');
    const named = { ...env, HUB_SMTP_PASSWORD_FILE: await aFile('named') };
    expect(loadConfig({ ...nothing, env: named }).email.password).toBe('named');
    expect(loadConfig({ ...nothing, env: { ...named, HUB_SMTP_PASSWORD: 'direct' } }).email.password).toBe('direct');
    expect(loadConfig({ ...nothing, env: { CREDENTIALS_DIRECTORY: '/no-such' } }).email.password).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('warn of a secret that everyone on the machine can read', async () => {
    const [secret, settings] = [await aFile('s3cret'), await aFile('email:\n  password: s3cret\n')];
    const input = { ...nothing, env: { HUB_SMTP_PASSWORD_FILE: secret }, file: settings };
    const warnings = (): string[] => {
      const told: string[] = [];
      loadConfig(input, (warning) => told.push(warning));
      return told;
    };
    await chmod(secret, 0o600);
    await chmod(settings, 0o640);
    expect(warnings()).toEqual([]);
    await chmod(secret, 0o604);
    await chmod(settings, 0o644);
    expect(warnings()).toEqual([
      `email.password: every user of this machine can read the secret in ${settings}; run: chmod 600 ${settings}`,
      `HUB_SMTP_PASSWORD_FILE: every user of this machine can read the secret in ${secret}; run: chmod 600 ${secret}`,
    ]);
  });

  it('show no password when they are refused', () => {
    const env = { HUB_SMTP_PASSWORD: 'hunter2\n', HUB_SMTP_URL: 'smtp://hub:hunter2@mail' };
    const lines = mistakes({ ...nothing, env });
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain('hunter2');
  });

  it.each(['nobody', 'a@example.com,', 'a@example.com\r\nBcc: b@example.com', 'a@example.com;b@example.com'])(
    'refuse the recipients %j',
    (to) => {
      expect(mistakes({ ...nothing, env: { HUB_ALERT_TO: to } })[0]).toMatch(/^HUB_ALERT_TO: alert\.to/);
    },
  );

  it('make no route without both a mail server and recipients', () => {
    const routes = (env: Readonly<Record<string, string>>) => routesOf(loadConfig({ ...nothing, env }));
    const server = { HUB_SMTP_URL: 'smtp://mail' };
    const recipients = { HUB_ALERT_TO: 'a@example.com' };
    expect(routes(server)).toEqual([]);
    expect(routes(recipients)).toEqual([]);
    expect(routes({ ...server, ...recipients })).toMatchObject([
      { name: 'default', match: 'severity>=error', to: ['a@example.com'], intervalMs: 300_000 },
    ]);
  });
});

describe('protected mode', () => {
  const listening = (flags: Readonly<Record<string, string>>): Config => loadConfig({ ...nothing, flags });

  it.each(['127.0.0.1', '127.0.0.53', 'localhost', '::1'])('lets the hub listen on %s', (host) => {
    expect(() => refuseOpenDoors(listening({ 'http.host': host, 'tcp.host': host }), false)).not.toThrow();
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'hub.lan', '127.evil.example', 'localhost.example'])(
    'refuses to listen on %s, on either port, and says what to do',
    (host) => {
      expect(() => refuseOpenDoors(listening({ 'http.host': host }), false)).toThrow(/^http\.host is .*allowAnonymous/);
      expect(() => refuseOpenDoors(listening({ 'tcp.host': host }), false)).toThrow(/^tcp\.host is .*allowAnonymous/);
    },
  );

  it('listens anywhere when tokens are asked for, or one is given', () => {
    const flags = { 'http.host': '0.0.0.0' };
    expect(() => refuseOpenDoors(listening(flags), true)).not.toThrow();
    const given = loadConfig({ flags, env: { HUB_ADMIN_TOKEN: 'x'.repeat(32) }, file: undefined });
    expect(() => refuseOpenDoors(given, false)).not.toThrow();
  });

  it('listens anywhere when that is asked for', () => {
    const flags = { 'http.host': '0.0.0.0', 'tcp.host': '::', allowAnonymous: 'true' };
    expect(() => refuseOpenDoors(listening(flags), false)).not.toThrow();
  });
});

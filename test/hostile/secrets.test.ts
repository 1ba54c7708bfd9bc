import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from '../support/cli.ts';
import { waitFor } from '../support/deadline.ts';
import { ask, post } from '../support/hub-http.ts';
import { startHubProcess } from '../support/hub.ts';
import { emailStats, mailSettings } from '../support/mail-hub.ts';
import { startScriptedSmtp } from '../support/smtp-script.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const canary = 'Canary-7f3a "öß" & 42';

/** As it is, and as protocols, URLs, JSON and HTML write it. */
const traces = [
  canary,
  canary.slice(0, 11),
  encodeURIComponent(canary),
  JSON.stringify(canary).slice(1, -1),
  canary.replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
  Buffer.from(canary).toString('base64').slice(0, -4),
  Buffer.from(`\0hub\0${canary}`).toString('base64').slice(0, -4),
  Buffer.from(canary).toString('hex'),
];

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

async function secretFile(name: string, text: string): Promise<string> {
  const file = join(await makeTempDir(), name);
  await writeFile(file, text);
  await chmod(file, 0o600);
  return file;
}

/** The ways to give the hub a secret. */
const ways: Readonly<Record<string, () => Promise<Given>>> = {
  'the environment': async () => ({ env: { HUB_SMTP_PASSWORD: canary } }),
  'a file of its own': async () => ({ env: { HUB_SMTP_PASSWORD_FILE: await secretFile('password', `${canary}\n`) } }),
  'a credential of systemd': async () => ({
    env: { CREDENTIALS_DIRECTORY: dirname(await secretFile('HUB_SMTP_PASSWORD', canary)) },
  }),
  'the settings file': async () => {
    const file = await secretFile('hub.yaml', `email:\n  password: ${JSON.stringify(canary)}\n`);
    return { args: ['--config', file] };
  },
};

const paths = [
  ...['/healthz', '/readyz', '/metrics', '/', '/api/openapi.json', '/api/stats', '/api/subscribers', '/api/alerts'],
  ...['/api/events?type=*&limit=1000', '/api/events/1', '/api/events/1/trace', '/api/notifications', '/api/silences'],
  ...['/api/config', '/api/settings', '/debug', '/api/events?q=%22', '/api/events/x', '/api/fields'],
];

async function filesIn(directory: string): Promise<string> {
  const names = await readdir(directory);
  return (await Promise.all(names.map((name) => readFile(join(directory, name), 'latin1').catch(() => '')))).join('\n');
}

function expectNoTrace(written: string, where: string): void {
  const latin1 = Buffer.from(canary).toString('latin1');
  for (const trace of [...traces, latin1]) expect([where, written.includes(trace)]).toEqual([where, false]);
}

describe('a secret', () => {
  it.each(Object.keys(ways))('given by %s is in nothing that the hub writes, whatever goes wrong', async (way) => {
    // A mail server that quotes what it does not like, the login among it.
    const smtp = await startScriptedSmtp({
      answers: { AUTH: (command) => `535 5.7.8 what is ${command}, ${canary}?` },
    });
    const given = (await ways[way]?.()) ?? {};
    const dataDir = await makeTempDir();
    const env = { ...mailSettings(smtp.port, { HUB_SMTP_USER: 'hub', HUB_LOG_LEVEL: 'debug' }), ...given.env };
    const ports = ['--http-port', '0', '--tcp-port', '0', '--log-format', 'json'];
    const hub = startCli(['serve', ...ports, ...(given.args ?? [])], { dataDir, env });
    const [, http = ''] = await waitFor(() => /"http":"([^"]+)"/.exec(hub.stdout()), {
      what: 'the hub',
      within: 20_000,
    });

    await post(http, { source: 's', severity: 'critical', message: 'down' });
    await waitFor(async () => JSON.stringify(await emailStats(http)).includes('paused'), {
      what: 'mail to be paused',
      within: 20_000,
    });
    expect(smtp.commands.some((command) => command.includes(Buffer.from(`\0hub\0${canary}`).toString('base64')))).toBe(
      true,
    );
    for (const path of paths) expectNoTrace(JSON.stringify(await ask(`${http}${path}`)), path);
    for (const args of [
      ['query', '--type', '*'],
      ['test-email', 'a@example.com'],
      ['export', '--type', '*'],
    ]) {
      const { stdout, stderr } = await runCli(args, { dataDir });
      expectNoTrace(stdout + stderr, args.join(' '));
    }
    expectNoTrace(await readFile(`/proc/${String(hub.child.pid)}/cmdline`, 'utf8').catch(() => ''), 'the command line');
    hub.child.kill('SIGTERM');
    const { stdout, stderr } = await hub.result;
    expect(stdout).toContain('mail is paused');
    expectNoTrace(stdout, 'standard output');
    expectNoTrace(stderr, 'standard error');
    expectNoTrace(await filesIn(dataDir), 'the data directory');
  });

  it('that is a token is in nothing that the hub writes, whoever sends it where', async () => {
    const token = 'canary-token-0123456789-abcdefghijklmnop';
    const dataDir = await makeTempDir();
    const hub = await startHubProcess({ dataDir, env: { HUB_ADMIN_TOKEN: token, HUB_LOG_LEVEL: 'debug' } });
    const bearer = { Authorization: `Bearer ${token}` };
    expect((await post(hub.http, { message: 'x' }, bearer)).status).toBe(201);
    const producer = await connectTcp(`${hub.tcpHost}:${hub.tcpPort}`);
    producer.send({ token }, { message: 'y' }, `{"token":"${token}"\n`);
    expect((await producer.answered(3)).map(({ ok }) => ok)).toEqual([true, true, false]);
    const other = `${token}x`;
    const wrong = await connectTcp(`${hub.tcpHost}:${hub.tcpPort}`);
    wrong.send({ token: other });
    const written = [
      JSON.stringify([...producer.answers.slice(0, 2), ...(await wrong.answered(1))]),
      JSON.stringify(await post(hub.http, { message: 'x' }, { Authorization: `Bearer ${other}` })),
      JSON.stringify(await ask(`${hub.http}/api/events?access_token=x&token=y`, { headers: bearer })),
    ];
    for (const path of paths) written.push(JSON.stringify(await ask(`${hub.http}${path}`, { headers: bearer })));
    await hub.stop();
    for (const text of [...written, hub.output(), await filesIn(dataDir)]) expect(text).not.toContain(token);
  });

  it('is not in what is said about wrong settings', async () => {
    const dataDir = await makeTempDir();
    const quoted = JSON.stringify(canary);
    const wrong: readonly Given[] = [
      { env: { HUB_SMTP_PASSWORD: `${canary}\n` } },
      { env: { HUB_SMTP_URL: `smtp://hub:${encodeURIComponent(canary)}@mail.example` } },
      { env: { HUB_ADMIN_TOKEN: canary } },
      { env: { HUB_SMTP_PASSWORD: canary, HUB_SMTP_URL: 'nonsense', HUB_HTTP_PORT: 'x' } },
      { args: ['--config', await secretFile('a.yaml', `email:\n  password: ${quoted}\n  password: ${quoted}\n`)] },
      { args: ['--config', await secretFile('b.yaml', `email: { password: ${quoted}\n`)] },
      { args: ['--config', await secretFile('c.yaml', `email:\n  passwort: ${quoted}\n`)] },
      { args: ['--config', await secretFile('d.yaml', `email:\n  password: [${quoted}]\n`)] },
      { args: ['--config', await secretFile('e.yaml', `email: ${quoted}\n`)] },
      { args: ['--config', await secretFile('f.yaml', `- ${quoted}\n`)] },
    ];
    for (const { env = {}, args = [] } of wrong) {
      const { exitCode, stdout, stderr } = await runCli(['serve', ...args], { dataDir, env });
      expect({ exitCode, isNamed: stderr.length > 20, stderr }).toMatchObject({ exitCode: 2, isNamed: true });
      expectNoTrace(stdout + stderr, JSON.stringify([env, args]));
    }
  });

  it('that is a token and cannot be sent is not in what a command says about it', async () => {
    const dataDir = await makeTempDir();
    for (const bad of [`${canary}\nx`, `${canary}\u0001x`, `${canary}öx`]) {
      for (const env of [{ HUB_TOKEN: bad }, { HUB_TOKEN: '', HUB_TOKEN_FILE: await secretFile('token', bad) }]) {
        const { exitCode, stdout, stderr } = await runCli(['query'], { dataDir, env });
        expect(exitCode).not.toBe(0);
        expect(stderr).toContain(env.HUB_TOKEN === '' ? 'HUB_TOKEN_FILE: must be' : 'HUB_TOKEN: must be');
        expectNoTrace(stdout + stderr, JSON.stringify(env));
      }
    }
  });

  it('is no flag, which everyone on the machine could read', async () => {
    const { exitCode, stderr } = await runCli(['serve', '--email-password', canary], { dataDir: await makeTempDir() });
    expect(exitCode).toBe(2);
    expectNoTrace(stderr, 'standard error');
    const { stdout } = await runCli(['serve', '--help'], { dataDir: await makeTempDir() });
    expect(stdout).toContain('--email-user');
    expect(stdout).not.toContain('--email-password');
  });
});

describe('82: wrong settings', () => {
  it.each([
    ['an unknown setting', 'htpp:\n  port: 1\n', ':1: htpp is not a setting'],
    ['one within', 'http:\n  port: 1\n  prot: 2\n', ':3: http.prot is not a setting'],
    ['a port of 65536', 'http:\n  port: 65536\n', ':2: http.port must be from 0 to 65535; got 65536'],
    ['a port with a blank', 'tcp:\n  port: "80 "\n', ':2: tcp.port must be'],
    ['a setting given twice', 'dataDir: a\nhttp: {}\ndataDir: b\n', ':3: Map keys must be unique'],
    ['a billion laughs', bomb(), 'hub.yaml: Excessive alias count'],
    ['a directory', null, 'cannot be read; EISDIR'],
  ])('stop the start with their line: %s', async (_, yaml, message) => {
    const file = join(await makeTempDir(), 'hub.yaml');
    if (yaml === null) await mkdir(file);
    else await writeFile(file, yaml);
    const { exitCode, stderr } = await runCli(['serve', '--config', file], { dataDir: await makeTempDir() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.length).toBeLessThan(2_000);
  });
});

/** Aliases of aliases, which would be 10^9 of the first. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const inner = level === 0 ? 'lol' : `*a${String(level - 1)}`;
    return `a${String(level)}: &a${String(level)} [${Array.from({ length: 10 }, () => inner).join(', ')}]`;
  });
  return `${levels.join('\n')}\n`;
}

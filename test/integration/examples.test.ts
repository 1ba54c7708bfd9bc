import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { cutFirstAnswer } from '../support/cutting-proxy.ts';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHub } from '../support/hub.ts';
import { page } from '../support/hub-http.ts';
import { scriptTcp } from '../support/scripted-tcp.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { makeToken } from '../support/tokens.ts';

const clients = [
  { name: 'client.py', program: 'python3' },
  { name: 'client.sh', program: 'bash' },
  { name: 'client.mjs', program: process.execPath },
];

const isThere = (program: string) => spawnSync(program, ['--version']).status === 0;

/** The client running, killed when the test has finished. */
function start(
  { name, program }: (typeof clients)[number],
  args: readonly string[],
  hub: string,
  input = '',
  token = '',
) {
  const file = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  const child = spawn(program, [file, ...args], { env: { ...process.env, HUB_TOKEN: token, HUB_TCP: hub } });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined).end(input);
  const ended = once(child, 'close').then(([exitCode]) => ({ exitCode: exitCode as number | null, stdout, stderr }));
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  });
  return { ended, stderr: () => stderr };
}

async function eventsOf(http: string): Promise<readonly RecordedEvent[]> {
  return (await page(http, 'after=0')).events;
}

describe.each(clients)('the example $name', (client) => {
  if (!isThere(client.program))
    process.stderr.write(`examples/${client.name}: skipped, there is no ${client.program}\n`);
  const run = (args: readonly string[], hub: string, input?: string) => start(client, args, hub, input).ended;

  describe.skipIf(!isThere(client.program))('with a hub', () => {
    test('records an event with its fields and says where', async () => {
      const hub = await startHub({ dataDir: await makeTempDir() });
      const fields = ['--source', 'backup-01', '--severity', 'error', '--key', 'backup', '--status', 'firing'];
      const { exitCode, stdout, stderr } = await run([...fields, 'backup failed'], hub.tcp);

      expect(stderr).toBe('');
      expect(stdout).toBe('recorded at position 1\n');
      expect(exitCode).toBe(0);
      expect(await eventsOf(hub.http)).toMatchObject([
        {
          source: 'backup-01',
          severity: 'error',
          key: 'backup',
          status: 'firing',
          message: 'backup failed',
          channel: 'tcp',
        },
      ]);
    });

    test('shows the token that it is given, and says so when that is refused', async () => {
      const dataDir = await makeTempDir();
      const hub = await startHub({ dataDir });
      const { token } = await makeToken(hub.http, dataDir, { role: 'ingest' });

      expect(await start(client, ['let in'], hub.tcp, '', token).ended).toMatchObject({ exitCode: 0, stderr: '' });
      const refused = await start(client, ['x'], hub.tcp, '', 'wrong').ended;
      expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
      expect(refused.stderr).toMatch(/refused: .*the token is not valid/);
    });

    test('keeps awkward texts as they are', async () => {
      const hub = await startHub({ dataDir: await makeTempDir() });
      const message = 'say "hi" & \\n \\ $HOME `id` %s *\n\ttab \u0001\u001f\u007f\r\u2028 élan 温度 🔥 {"ok":true}';
      const key = 'a"b\\c';
      const { exitCode, stderr } = await run(['--source', 'ü "x"', '--key', key, '--', message], hub.tcp);

      expect(stderr).toBe('');
      expect(exitCode).toBe(0);
      expect(await eventsOf(hub.http)).toMatchObject([{ source: 'ü "x"', key, message }]);
    });

    test('sends every line of standard input, and goes on after one that is refused', async () => {
      const hub = await startHub({ dataDir: await makeTempDir() });
      const lines = `one\r\n\n${'x'.repeat(9_000)}\ntwo "quoted" \u2028 \\ é\nlast`;
      const { exitCode, stdout, stderr } = await run(['--source', 'pipe'], hub.tcp, lines);

      expect(stderr).toMatch(/refused: .*message: must be at most 8192 bytes/);
      expect(stdout).toBe('recorded at position 1\nrecorded at position 2\nrecorded at position 3\n');
      expect(exitCode).toBe(1);
      const events = await eventsOf(hub.http);
      expect(events.map(({ message }) => message)).toEqual(['one', 'two "quoted" \u2028 \\ é', 'last']);
      expect(new Set(events.map(({ id }) => id)).size).toBe(3);
    });

    test('reports a refused event with its reason and sends it once', async () => {
      const hub = await scriptTcp(() => '{"ok":false,"code":"invalid_event","error":"severity: must be one of"}\n');
      const { exitCode, stdout, stderr } = await run(['--severity', 'loud', 'x'], `${hub.host}:${String(hub.port)}`);

      expect(stdout).toBe('');
      expect(stderr).toContain('severity: must be one of');
      expect(exitCode).toBe(1);
      expect(hub.lines).toHaveLength(1);
    });

    test.each([0, 10])('is recorded once when %i bytes of the answer arrive', async (bytes) => {
      const hub = await startHub({ dataDir: await makeTempDir() });
      const proxy = await cutFirstAnswer(hub.tcp, bytes);
      const { exitCode, stdout } = await run(['only once'], `127.0.0.1:${String(proxy.port)}`);

      expect(stdout).toBe('already recorded at position 1\n');
      expect(exitCode).toBe(0);
      expect(proxy.connections()).toBe(2);
      expect(await eventsOf(hub.http)).toMatchObject([{ message: 'only once' }]);
    });

    test('is recorded once by a hub that is down at first', async () => {
      const dataDir = await makeTempDir();
      const tcpPort = await findFreePort();
      const { ended, stderr } = start(client, ['late'], `127.0.0.1:${String(tcpPort)}`);
      await waitFor(() => stderr().includes('sending again'), { what: 'a failed attempt', within: 20_000 });
      const hub = await startHub({ dataDir, tcpPort });

      expect(await ended).toMatchObject({ exitCode: 0, stdout: 'recorded at position 1\n' });
      expect(await eventsOf(hub.http)).toMatchObject([{ message: 'late' }]);
    });

    test('sends the same line again when the hub cannot take it now', async () => {
      const answers = [
        '{"ok":false,"code":"unavailable","error":"the log is full"}',
        '{"ok":true,"id":"a","position":7}',
      ];
      const hub = await scriptTcp(() => `${answers.shift() ?? ''}\n`);
      const { exitCode, stdout } = await run(['x'], `${hub.host}:${String(hub.port)}`);

      expect(stdout).toBe('recorded at position 7\n');
      expect(exitCode).toBe(0);
      expect(hub.lines).toHaveLength(2);
      expect(hub.lines[1]).toBe(hub.lines[0]);
    });

    test('gives up in time, and says so', async () => {
      const hub = `127.0.0.1:${String(await findFreePort())}`;
      const { exitCode, stderr } = await run(['--give-up-after', '0'], hub, 'one\ntwo\n');

      expect(stderr.match(/given up after 0 s/g)).toHaveLength(1);
      expect(exitCode).toBe(1);
    });
  });

  test.skipIf(!isThere(client.program))('explains itself, and refuses what it does not know with 2', async () => {
    const help = await run(['--help'], '127.0.0.1:1');
    const wrong = await Promise.all(
      [['--loud', 'x'], ['--port', '99999', 'x'], ['--source']].map((args) => run(args, '127.0.0.1:1')),
    );

    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toMatch(/^usage: client.*--host.*--port.*--source.*--severity.*--key/s);
    for (const { exitCode, stderr } of wrong) {
      expect(exitCode).toBe(2);
      expect(stderr).toContain('usage: client');
    }
  });
});

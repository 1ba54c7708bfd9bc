import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { ask, page } from '../support/hub-http.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The demo as `npm run demo` starts it, killed when the test has finished. */
async function startDemo(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const temporary = await makeTempDir();
  const child = spawn(process.execPath, ['--import', 'tsx', 'demo/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, TMPDIR: temporary, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = once(child, 'close').then(([exitCode]) => exitCode as number | null);
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  });
  return { child, ended, temporary, output: () => output };
}

/** What the demo says, once it runs. */
function addressesIn(output: string) {
  const [, dashboard, mails, tcp] = /Dashboard\s+(\S+)\nMails\s+(\S+) .*send to (\S+);/s.exec(output) ?? [];
  return dashboard === undefined || mails === undefined || tcp === undefined ? undefined : { dashboard, mails, tcp };
}

async function isRefused(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  const outcome = await Promise.race([
    once(socket, 'connect').then(() => 'taken'),
    once(socket, 'close').then(() => 'refused'),
  ]).catch(() => 'refused');
  socket.destroy();
  return outcome === 'refused';
}

describe('the demo', () => {
  test('shows a past, an outage and its mails, and leaves nothing when it is interrupted', async () => {
    // A mail server of the environment must not be reached.
    const demo = await startDemo(['--fast', '--port', '0'], {
      HUB_SMTP_URL: 'smtp://mail.example.test',
      HUB_DATA_DIR: '/',
    });
    const { dashboard, mails, tcp } = await waitFor(() => addressesIn(demo.output()), {
      what: `the addresses in ${demo.output()}`,
      within: 45_000,
    });
    const startedAt = Date.now();

    const { events: oldest } = await page(dashboard, 'after=0&limit=1');
    expect(Date.parse(oldest[0]?.time ?? '')).toBeLessThan(startedAt - 50 * 60_000);

    await waitFor(
      async () => {
        const { events } = await page(dashboard, 'severity=critical&since=2m');
        return events.some(({ source }) => source === 'web-01');
      },
      { what: 'a critical event', within: 20_000 },
    );
    const { body: stats } = await ask(`${dashboard}/api/stats?since=2h`);
    const { bySeverity, byChannel } = stats as Record<'bySeverity' | 'byChannel', Record<string, number>>;
    for (const severity of ['info', 'warning', 'error', 'critical']) expect(bySeverity[severity]).toBeGreaterThan(0);
    for (const channel of ['tcp', 'http', 'ws']) expect(byChannel[channel]).toBeGreaterThan(0);

    const first = await waitFor(
      async () => (await readPage(`${mails}/`)).match(/\/mails\/\d+(?=">\[CRITICAL\])/)?.[0],
      {
        what: 'a mail about it',
        within: 20_000,
      },
    );
    expect(await readPage(`${mails}${first}`)).toMatch(/<pre>[^<]*health check failed.*<\/pre>/s);
    const shown = await ask(`${mails}${first}/html`);
    expect(shown.body).toContain('health check failed');
    // The outages of the past are in the log, and nobody was mailed about them.
    const until = new Date(startedAt - 30_000).toISOString();
    const past = await page(dashboard, `severity=error,critical&order=desc&limit=1&until=${until}`);
    const { body: notifications } = await ask(`${dashboard}/api/notifications`);
    const about = (notifications as { events: number[] }[]).flatMap(({ events }) => events);
    expect(Math.min(...about)).toBeGreaterThan(past.events[0]?.position ?? Infinity);
    expect(shown.headers['content-security-policy']).toMatch(/default-src 'none'.*; sandbox allow-popups /);
    expect(await readPage(`${mails}${first}/source`)).toMatch(/^To: .*ops@example\.test/m);
    expect((await ask(`${mails}/`, { headers: { Host: 'elsewhere.example.test' } })).status).toBe(404);

    demo.child.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    expect(demo.output().trimEnd().split('\n')).toHaveLength(3);
    expect((await readdir(demo.temporary)).filter((name) => name.startsWith('alert-hub'))).toEqual([]);
    for (const address of [dashboard, mails, `http://${tcp}`]) expect(await isRefused(address)).toBe(true);
  });

  test('says what is wrong with its arguments', async () => {
    const demo = await startDemo(['--port', '70000']);
    expect(await demo.ended).toBe(2);
    expect(demo.output()).toMatch(/--port: must be a port from 0 to 65535; got 70000\nnpm run demo/);
  });
});

async function readPage(url: string): Promise<string> {
  const { status, body } = await ask(url);
  if (status !== 200 || typeof body !== 'string') throw new Error(`${url}: ${status}`);
  return body;
}

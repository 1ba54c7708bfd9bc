import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHub } from '../support/hub.ts';
import { ask } from '../support/hub-http.ts';
import { mailSettings } from '../support/mail-hub.ts';
import { startMailServer } from '../support/smtp-receiver.ts';
import { startScriptedSmtp } from '../support/smtp-script.ts';
import { makeTempDir } from '../support/temp-dir.ts';

describe('alert-hub test-email', () => {
  it('has the running hub send a mail, and shows what the mail server says', async () => {
    const server = await startMailServer();
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir, env: mailSettings(server.port) });
    const { exitCode, stdout } = await runCli(['test-email', 'me@example.com'], { dataDir });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`the mail server took a mail to me@example.com (by the hub at ${hub.http}): 250 `);
    expect(server.received.map(({ to, mail }) => [to, mail.subject])).toEqual([
      [['me@example.com'], 'Network Alert Hub: test'],
    ]);
  });

  it('fails with the reason and what to do', async () => {
    const smtp = await startScriptedSmtp({ answers: { AUTH: '535 wrong password' } });
    const dataDir = await makeTempDir();
    const env = mailSettings(smtp.port, { HUB_SMTP_USER: 'hub', HUB_SMTP_PASSWORD: 'old' });
    const hub = await startHub({ dataDir, env });
    const { exitCode, stdout } = await runCli(['test-email', 'me@example.com', '--json'], { dataDir });
    expect(exitCode).toBe(1);
    const result = JSON.parse(stdout) as { reply: string };
    expect(result).toMatchObject({ ok: false, to: 'me@example.com', hub: hub.http });
    expect(result.reply).toMatch(/^535 wrong password; .*HUB_SMTP_PASSWORD/);
  });

  it('says that e-mail is off, and how to turn it on', async () => {
    const dataDir = await makeTempDir();
    await startHub({ dataDir });
    const { exitCode, stdout } = await runCli(['test-email', 'me@example.com'], { dataDir });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('set email.url (HUB_SMTP_URL)');
  });

  it('tries the settings of a file without a hub', async () => {
    const server = await startMailServer();
    const dataDir = await makeTempDir();
    const config = join(dataDir, 'hub.yaml');
    await writeFile(config, `email: { url: 'smtp://127.0.0.1:${server.port}', from: file@example.org }\n`);
    const { exitCode, stdout } = await runCli(['test-email', 'me@example.com', '--config', config], { dataDir });
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('no hub was asked') as string,
    });
    expect(server.received.map(({ from }) => from)).toEqual(['file@example.org']);
  });

  it('does not pass over a hub that was named and is not there', async () => {
    const server = await startMailServer();
    const url = `http://127.0.0.1:${await findFreePort()}`;
    const options = { dataDir: await makeTempDir(), env: mailSettings(server.port) };
    const { exitCode, stderr } = await runCli(['test-email', 'me@example.com', '--url', url], options);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`cannot reach the hub at ${url}`);
    expect(server.received).toEqual([]);
  });
});

describe('POST /api/test-email', () => {
  it('takes one address, and ten of them a minute', async () => {
    const server = await startMailServer();
    const hub = await startHub({ dataDir: await makeTempDir(), env: mailSettings(server.port) });
    const send = (body: string, type = 'application/json') =>
      ask(`${hub.http}/api/test-email`, { method: 'POST', headers: { 'Content-Type': type }, body });
    const refusals = await Promise.all([
      send('{"to":"a@b, c@d"}'),
      send('{"to":"a@b\\r\\nBcc: c@d"}'),
      send('{}'),
      send('[]'),
      send('{'),
      send('{"to":"a@b","cc":"c@d"}'),
      send('{"to":"a@b"}', 'text/plain'),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400, 415]);
    const answers = await Promise.all(Array.from({ length: 11 }, () => send('{"to":"a@b.example"}')));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    expect(server.received).toHaveLength(10);
  });
});

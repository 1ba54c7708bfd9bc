import { describe, expect, it } from 'vitest';
import { Alerting } from '../../src/pipeline/alerting/alerting.ts';
import { DecisionSource } from '../../src/pipeline/alerting/decision-source.ts';
import { createRedactEvent } from '../../src/pipeline/alerting/redact-event.ts';
import type { AppendItem } from '../../src/pipeline/event-log.ts';
import { openSqliteLog } from '../../src/sinks/sqlite/sqlite-log.ts';
import { runCli } from '../support/cli.ts';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHub } from '../support/hub.ts';
import { ask, page, post } from '../support/hub-http.ts';
import { filesHolding, walkWhole } from '../support/log-file.ts';
import { mailSettings, notifications, trace } from '../support/mail-hub.ts';
import { startMailServer } from '../support/smtp-receiver.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { bearer, localToken, makeToken } from '../support/tokens.ts';

const secret = 'hunter2-correct-horse';

const leak = {
  id: 'leak',
  source: 'deploy',
  key: 'login',
  severity: 'critical',
  time: '2026-03-01T12:00:00.000Z',
  message: `password is ${secret}`,
  labels: { pass: secret },
  data: { form: [secret] },
};

const redact = (http: string, position: number | string, body: object = {}, headers = {}) =>
  ask(`${http}/api/events/${position}/redact`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('redacting an event', () => {
  it('is recorded with the token that asked, whatever name it gives', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir });
    for (const message of ['a', 'b', 'c']) await post(hub.http, { message });
    const token = await makeToken(hub.http, dataDir, { role: 'admin', name: 'mallory' });
    const local = bearer(await localToken(dataDir));
    await redact(hub.http, 1, { by: 'alice' }, bearer(token.token));
    await redact(hub.http, 2, {}, bearer(token.token));
    await redact(hub.http, 3, { by: 'alice' }, local);
    const { body } = await ask(`${hub.http}/api/events?type=event.redacted`, { headers: local });
    const by = (body as { events: { by: string }[] }).events.map((each) => each.by);
    expect(by.sort()).toEqual(['alice', `mallory (${token.id})`, `mallory (${token.id}) for alice`]);
  });

  it('blanks it for every reader and in every file, where mails quote it too, and the log is whole', async () => {
    const dataDir = await makeTempDir();
    const server = await startMailServer();
    const hub = await startHub({ dataDir, env: mailSettings(server.port) });
    await post(hub.http, { message: 'before', source: 'a' });
    await post(hub.http, leak);
    await waitFor(async () => (await notifications(hub.http, '?state=sent')).length === 1, {
      within: 30_000,
      what: 'the mail',
    });
    // Held for a digest, in memory and in the checkpoint.
    await post(hub.http, { message: `again ${secret}`, source: 'deploy', key: 'login', severity: 'critical' });
    const { events } = await page(hub.http, 'after=0');
    const before = events.find(({ id }) => id === 'leak');
    if (before === undefined) throw new Error('the event is not there');
    const { position } = before;
    const later = events.at(-1)?.position ?? 0;
    expect(filesHolding(dataDir, secret)).not.toEqual([]);

    const { exitCode, stdout } = await runCli(['redact', `${position}`, '--reason', 'oops', '--json'], { dataDir });
    expect({ exitCode, ...(JSON.parse(stdout) as object) }).toEqual({ exitCode: 0, ok: true, position, erased: true });
    expect(await redact(hub.http, later, { by: 'ana', reason: 'also' })).toMatchObject({ status: 200 });

    const { labels, data, ...kept } = before;
    expect([labels, data]).toEqual([leak.labels, leak.data]);
    const blank = { ...kept, message: '[redacted]' };
    expect((await ask(`${hub.http}/api/events/${position}`)).body).toEqual(blank);
    expect((await page(hub.http, 'q=key:login&order=asc')).events).toMatchObject([blank, { message: '[redacted]' }]);
    expect((await page(hub.http, `q=${secret}&type=*`)).events).toEqual([]);
    const { decisions } = await trace(hub.http, position);
    expect(decisions).toMatchObject([
      { type: 'notification.queued', headline: { position, message: '[redacted]' } },
      { type: 'notification.sent' },
      { type: 'event.redacted', events: [position], reason: 'oops', key: 'login' },
    ]);
    expect((await notifications(hub.http))[0]?.subject).toBe('[CRITICAL] deploy: [redacted]');
    expect(filesHolding(dataDir, secret)).toEqual([]);
    walkWhole(dataDir);
    await hub.stop();
    expect(filesHolding(dataDir, secret)).toEqual([]);
    expect(await runCli(['verify'], { dataDir })).toMatchObject({ exitCode: 0 });
  });

  it('stays as it is when it is asked for again, and the same event sent again is refused', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    await post(hub.http, leak);
    expect(await redact(hub.http, 1)).toMatchObject({ status: 200, body: { ok: true, position: 1, erased: true } });
    expect(await redact(hub.http, 1)).toMatchObject({ status: 200, body: { ok: true, duplicate: true } });
    expect((await page(hub.http)).head).toBe(2);
    expect(await post(hub.http, leak)).toMatchObject({ status: 409, body: { code: 'id_conflict' } });
  });

  it('is refused for what is no event, with unknown fields, and to pages of another origin', async () => {
    const hub = await startHub({ dataDir: await makeTempDir() });
    await post(hub.http, leak);
    await post(hub.http, { message: 'm' });
    await redact(hub.http, 2);
    expect(await redact(hub.http, 3)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(await redact(hub.http, 4)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await redact(hub.http, 'x')).toMatchObject({ status: 400 });
    expect(await redact(hub.http, 1, { why: 'x' })).toMatchObject({ status: 400 });
    expect(await redact(hub.http, 1, { reason: 7 })).toMatchObject({ status: 400 });
    expect(await redact(hub.http, 1, {}, { Origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect((await page(hub.http, 'after=0&limit=1')).events).toMatchObject([{ message: leak.message }]);
  });

  it('works on a log that no hub holds, and goes on to hold over a restart', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir, env: mailSettings(1) });
    await post(hub.http, leak);
    await waitFor(async () => (await notifications(hub.http)).length === 1, {
      within: 30_000,
      what: 'the pending mail',
    });
    await hub.stop();
    expect(filesHolding(dataDir, secret)).not.toEqual([]);
    const { exitCode, stdout } = await runCli(['redact', '2'], { dataDir });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'position 2 is redacted\n' });
    expect(filesHolding(dataDir, secret)).toEqual([]);
    walkWhole(dataDir);
    const server = await startMailServer();
    const again = await startHub({ dataDir, env: mailSettings(server.port), clock: () => Date.now() + 3_600_000 });
    await waitFor(() => server.received.length === 1, { within: 30_000, what: 'the mail' });
    expect(server.received[0]?.mail.subject).toBe('[CRITICAL] deploy: [redacted]');
    expect(server.received[0]?.mail.text).not.toContain(secret);
    await again.stop();
  });

  it('blanks what is put aside for a mail when retention has removed the event, with a hub and without one', async () => {
    const dataDir = await makeTempDir();
    const port = await findFreePort();
    const env = mailSettings(port, { HUB_RETENTION_MAX_EVENTS: '1' });
    const hub = await startHub({ dataDir, env });
    await post(hub.http, leak);
    await post(hub.http, { ...leak, id: 'leak-2', key: 'other' });
    for (let at = 0; at < 20; at += 1) await post(hub.http, { message: 'later' });
    await waitFor(async () => (await page(hub.http, 'limit=0')).first > 5, { within: 30_000, what: 'retention' });
    const [first, second] = (await notifications(hub.http)).flatMap(({ events }) => events).sort((a, b) => a - b);
    expect(await ask(`${hub.http}/api/events/${first}`)).toMatchObject({ status: 410 });
    expect(filesHolding(dataDir, secret)).not.toEqual([]);
    expect(await redact(hub.http, first ?? 0)).toMatchObject({ status: 200, body: { ok: true, erased: true } });
    expect(await redact(hub.http, first ?? 0)).toMatchObject({ status: 200, body: { duplicate: true } });
    expect(await redact(hub.http, 1)).toMatchObject({ status: 410, body: { code: 'gone' } });
    await hub.stop();

    expect(await runCli(['redact', String(second)], { dataDir })).toMatchObject({ exitCode: 0 });
    expect(filesHolding(dataDir, secret)).toEqual([]);
    expect(await runCli(['verify'], { dataDir })).toMatchObject({ exitCode: 0 });
    const server = await startMailServer({ port });
    await startHub({ dataDir, env, clock: () => Date.now() + 3_600_000 });
    await waitFor(() => server.received.length === 2, { within: 30_000, what: 'the mails' });
    for (const { mail } of server.received) {
      expect(mail.subject).toBe('[CRITICAL] deploy: [redacted]');
      expect(JSON.stringify(mail)).not.toContain(secret);
    }
  });

  it('is brought to its end when it is asked for again after a save that failed', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir, env: mailSettings(1) });
    await post(hub.http, leak);
    await waitFor(async () => (await notifications(hub.http)).length === 1, { within: 30_000, what: 'the mail' });
    await hub.stop();

    const log = await openSqliteLog({ dataDir });
    const save = log.saveCheckpoint.bind(log);
    const append = async (items: readonly AppendItem[]) => {
      await log.append(items);
    };
    const redactAgain = async () => {
      const decisions = new DecisionSource();
      const alerting = await Alerting.restore({ log, decisions, routes: [], clock: Date.now, reportFailure: String });
      return createRedactEvent({ log, alerting, append })(2, {});
    };
    log.saveCheckpoint = () => Promise.reject(new Error('no room'));
    await expect(redactAgain()).rejects.toThrow('no room');
    log.saveCheckpoint = save;
    expect(await log.loadCheckpoint('alerting')).toContain(secret);
    expect(await redactAgain()).toEqual({ wasBlank: true, isErased: true });
    expect(await log.loadCheckpoint('alerting')).not.toContain(secret);
    await log.close();
    expect(filesHolding(dataDir, secret)).toEqual([]);
  });

  it('fails, with a sentence, where there is no log', async () => {
    const { exitCode, stderr } = await runCli(['redact', '1'], { dataDir: await makeTempDir() });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('there is no log') as string });
  });
});

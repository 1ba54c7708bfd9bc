import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHub } from '../support/hub.ts';
import { ask, page, post } from '../support/hub-http.ts';
import { allTypes, emailStats, mailSettings, notifications, trace } from '../support/mail-hub.ts';
import { startMailServer } from '../support/smtp-receiver.ts';
import { startScriptedSmtp } from '../support/smtp-script.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const hour = 60 * 60_000;
const critical = { source: 'sensor_01', severity: 'critical', message: 'hot' };

function messageIds(mails: readonly string[]): readonly (string | undefined)[] {
  return mails.map((mail) => /^Message-ID: (.*)$/im.exec(mail)?.[1]?.trim());
}

describe('an outage of the mail server', () => {
  it('delays a mail across a restart of the hub and loses nothing else', async () => {
    const dataDir = await makeTempDir();
    const port = await findFreePort();
    const env = mailSettings(port);
    const first = await startHub({ dataDir, env });
    const { body } = await post(first.http, critical);
    const { position } = body as { position: number };
    await waitFor(async () => (await trace(first.http, position)).decisions.length > 1, { what: 'a failed attempt' });
    const [waiting] = await notifications(first.http, '?state=pending');
    expect(waiting).toMatchObject({
      to: 'ops@example.com',
      events: [position],
      reply: expect.stringContaining('ECONNREFUSED') as string,
    });
    expect(await emailStats(first.http)).toMatchObject({ state: 'ok', sent: 0, pending: 1 });
    await first.stop();

    const server = await startMailServer({ port });
    const hub = await startHub({ dataDir, env, clock: () => Date.now() + hour });
    await waitFor(async () => (await notifications(hub.http, '?state=sent')).length === 1, { what: 'the mail' });
    expect(server.received.map(({ mail }) => mail.subject)).toEqual(['[CRITICAL] sensor_01: hot']);
    expect(await notifications(hub.http)).toMatchObject([{ id: waiting?.id, state: 'sent' }]);
    const types = (await trace(hub.http, position)).decisions.map(({ type }) => type);
    expect([types[0], types[1], types.at(-1)]).toEqual([
      'notification.queued',
      'notification.deferred',
      'notification.sent',
    ]);
  });

  it('holds up neither producers nor readers', async () => {
    const smtp = await startScriptedSmtp({ answers: { greeting: 'hang' } });
    const env = mailSettings(smtp.port, { HUB_SMTP_TIMEOUT: '400' });
    const hub = await startHub({ dataDir: await makeTempDir(), env });
    const producer = await connectTcp(hub.tcp);
    const drafts = Array.from({ length: 2_000 }, (_, at) => ({ ...critical, source: `s${at % 50}`, message: `${at}` }));
    producer.send(...drafts);
    await producer.answered(drafts.length);
    expect(producer.answers.every(({ ok }) => ok)).toBe(true);
    expect((await page(hub.http, 'limit=1')).events[0]).toMatchObject({ message: '1999' });
    expect((await ask(`${hub.http}/api/stats`)).status).toBe(200);
    await waitFor(async () => (await notifications(hub.http, '?state=pending')).length === 50, {
      what: '50 mails to wait',
    });
    const counted = (await allTypes(hub.http)).filter((type) => type === 'event');
    expect(counted.length).toBeGreaterThan(900);
  });
});

describe('stopping with a mail on its way', () => {
  it('ends in time, and the next start sends it again with the same Message-ID', async () => {
    const dataDir = await makeTempDir();
    const smtp = await startScriptedSmtp({ answers: { dot: 'hang' } });
    const env = mailSettings(smtp.port);
    const first = await startHub({ dataDir, env });
    await post(first.http, critical);
    await waitFor(() => smtp.mails.length === 1, { what: 'the mail on its way' });
    const startedAt = performance.now();
    await first.stop();
    expect(performance.now() - startedAt).toBeLessThan(8_000);

    smtp.script.answers = {};
    const hub = await startHub({ dataDir, env });
    await waitFor(async () => (await notifications(hub.http, '?state=sent')).length === 1, { what: 'the verdict' });
    const [one, other, ...more] = messageIds(smtp.mails);
    expect(one).toMatch(/^<.+@example\.org>$/);
    expect([other, ...more]).toEqual([one]);
  });

  it('records the verdict that still comes in these 5 seconds', async () => {
    const dataDir = await makeTempDir();
    const { port, release, mails } = await startSlowMailServer();
    const first = await startHub({ dataDir, env: mailSettings(port) });
    await post(first.http, critical);
    await waitFor(() => mails.length === 1, { what: 'the mail on its way' });
    const stopped = first.stop();
    release();
    await stopped;
    const hub = await startHub({ dataDir });
    expect(await emailStats(hub.http)).toEqual({ state: 'off', sent: 1, pending: 0, dead: 0 });
  });
});

/** Takes each mail and answers it when it is told to. */
async function startSlowMailServer() {
  const mails: string[] = [];
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const { port } = await startMailServer({
    onData: (stream, _, done) => {
      stream.resume().once('end', () => {
        mails.push('one');
        void released.then(() => done());
      });
    },
  });
  return { port, mails, release: () => release() };
}

describe('a mail server that refuses the login', () => {
  it('pauses mail and says so by one event that is not mailed, until mails go out again', async () => {
    const dataDir = await makeTempDir();
    const smtp = await startScriptedSmtp({ answers: { AUTH: '535 5.7.8 wrong password' } });
    const env = mailSettings(smtp.port, { HUB_SMTP_USER: 'hub', HUB_SMTP_PASSWORD: 'old' });
    const own = async (http: string) => (await page(http, 'source=alert-hub&after=0')).events;
    const first = await startHub({ dataDir, env });
    await post(first.http, [critical, { ...critical, source: 'sensor_02' }]);
    await waitFor(async () => (await own(first.http)).length > 0, { what: 'the event about it' });
    expect(await emailStats(first.http)).toMatchObject({ state: 'paused', sent: 0, pending: 2, dead: 0 });
    await first.stop();

    const second = await startHub({ dataDir, env, clock: () => Date.now() + 72 * hour });
    await waitFor(() => smtp.commands.filter((line) => line.startsWith('AUTH')).length > 2, { what: 'another try' });
    expect(await emailStats(second.http)).toMatchObject({ state: 'paused', pending: 2 });
    expect(await own(second.http)).toMatchObject([
      {
        severity: 'error',
        status: 'firing',
        channel: 'hub',
        message: expect.stringContaining('HUB_SMTP_PASSWORD') as string,
      },
    ]);
    await second.stop();

    smtp.script.answers = { RCPT: '451 later' };
    const third = await startHub({ dataDir, env, clock: () => Date.now() + 73 * hour });
    await waitFor(async () => (await allTypes(third.http)).includes('notification.deferred'), { what: 'an attempt' });
    expect((await own(third.http)).map(({ status }) => status)).toEqual(['firing', 'resolved']);
    // The time in the pause is not counted against a mail.
    expect(await emailStats(third.http)).toMatchObject({ state: 'ok', pending: 2, dead: 0 });
    const routed = await notifications(third.http);
    expect(routed.map(({ subject }) => subject)).toEqual(['[CRITICAL] sensor_01: hot', '[CRITICAL] sensor_02: hot']);
  });
});

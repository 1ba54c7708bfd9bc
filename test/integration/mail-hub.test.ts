import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { startHub } from '../support/hub.ts';
import { ask, page, post } from '../support/hub-http.ts';
import { allTypes, emailStats, mailSettings, notifications, trace } from '../support/mail-hub.ts';
import { startMailServer } from '../support/smtp-receiver.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const minute = 60_000;

describe('a hub with e-mail', () => {
  it('mails a critical event that came over TCP, and says so in the log, the trace and the counts', async () => {
    const server = await startMailServer();
    const hub = await startHub({ dataDir: await makeTempDir(), env: mailSettings(server.port) });
    const producer = await connectTcp(hub.tcp);
    producer.send({ source: 'sensor_01', severity: 'critical', message: 'temperature <81> C' });
    await producer.answered(1);
    const position = producer.answers[0]?.position as number;
    await waitFor(() => server.received.length > 0, { what: 'the mail' });
    const [{ from, to, mail }] = server.received as [(typeof server.received)[number]];
    expect({ from, to, subject: mail.subject }).toEqual({
      from: 'hub@example.org',
      to: ['ops@example.com'],
      subject: '[CRITICAL] sensor_01: temperature <81> C',
    });
    expect(mail.text).toContain('temperature <81> C');
    expect(mail.html).toContain('temperature &lt;81&gt; C');
    expect(mail.text).toContain(`http://localhost:${new URL(hub.http).port}/?q=`);
    await waitFor(async () => (await notifications(hub.http, '?state=sent')).length === 1, { what: 'the verdict' });
    const { event, decisions } = await trace(hub.http, position);
    expect(event).toMatchObject({ position, message: 'temperature <81> C' });
    expect(decisions).toMatchObject([
      {
        type: 'notification.queued',
        to: ['ops@example.com'],
        events: [position],
        reason: 'first of sensor_01: mailed at once',
      },
      { type: 'notification.sent', to: 'ops@example.com', attempts: 1, reason: 'the mail server took it' },
    ]);
    expect(await emailStats(hub.http)).toEqual({ state: 'ok', sent: 1, pending: 0, dead: 0 });
    expect(await notifications(hub.http)).toMatchObject([
      { state: 'sent', route: 'default', to: 'ops@example.com', events: [position], attempts: 1, nextAttempt: null },
    ]);
    expect(await allTypes(hub.http)).toEqual([
      'alerting.configured',
      'event',
      'notification.queued',
      'notification.sent',
    ]);
  });

  it('mails the first event of a source at once and the rest of 5 minutes as one digest', async () => {
    let now = Date.parse('2026-01-02T03:04:05Z');
    const server = await startMailServer();
    const hub = await startHub({ dataDir: await makeTempDir(), env: mailSettings(server.port), clock: () => now });
    const subjects = () => server.received.map(({ mail }) => mail.subject);
    await post(hub.http, { source: 'disk', severity: 'error', message: 'one' });
    await waitFor(() => subjects().length === 1, { what: 'the first mail' });
    await post(hub.http, { source: 'disk', severity: 'error', message: 'two' });
    const { body } = await post(hub.http, { source: 'disk', severity: 'info', message: 'not serious' });
    now += 5 * minute - 1;
    await post(hub.http, { source: 'disk', severity: 'error', message: 'three' });
    await post(hub.http, { source: 'fan', severity: 'error', message: 'another source' });
    await waitFor(() => subjects().length === 2, { what: 'the mail about another source' });
    now += 1;
    await post(hub.http, { source: 'disk', severity: 'error', message: 'four' });
    await waitFor(() => subjects().length === 3, { what: 'the digest' });
    expect(subjects()).toEqual(['[ERROR] disk: one', '[ERROR] fan: another source', '[ERROR] disk: two (+2)']);
    const { decisions } = await trace(hub.http, (body as { position: number }).position + 1);
    expect(decisions[0]).toMatchObject({ reason: 'digest of 3 since the last mail about disk', count: 3 });
    expect((await trace(hub.http, (body as { position: number }).position)).decisions).toEqual([]);
  });

  it('mails an event at once that is more severe than what it has mailed in these 5 minutes', async () => {
    const server = await startMailServer();
    const hub = await startHub({ dataDir: await makeTempDir(), env: mailSettings(server.port) });
    for (const severity of ['error', 'error', 'critical', 'critical']) {
      const { body } = await post(hub.http, { source: 'disk', severity, message: severity });
      const { position } = body as { position: number };
      const isMailed = severity !== (await page(hub.http, `before=${position}&limit=1`)).events[0]?.severity;
      if (isMailed) await waitFor(async () => (await trace(hub.http, position)).decisions.length > 1, { what: 'mail' });
    }
    expect(server.received.map(({ mail }) => mail.subject)).toEqual([
      '[ERROR] disk: error',
      '[CRITICAL] disk: critical (+1)',
    ]);
  });

  it('mails from the severity that is set, each recipient by a mail of its own', async () => {
    const server = await startMailServer();
    const env = mailSettings(server.port, {
      HUB_ALERT_TO: 'a@example.com, b@example.com',
      HUB_ALERT_MIN_SEVERITY: 'warning',
    });
    const hub = await startHub({ dataDir: await makeTempDir(), env });
    await post(hub.http, { source: 'a', severity: 'info', message: 'm' });
    const { body } = await post(hub.http, { source: 'b', severity: 'warning', message: 'm' });
    await waitFor(() => server.received.length === 2, { what: 'both mails' });
    expect(server.received.map(({ to }) => to).sort()).toEqual([['a@example.com'], ['b@example.com']]);
    expect(new Set(server.received.map(({ mail }) => mail.messageId)).size).toBe(2);
    await waitFor(async () => (await trace(hub.http, (body as { position: number }).position)).decisions.length === 3, {
      what: 'both verdicts',
    });
  });

  it('does not mail what was recorded before e-mail was on', async () => {
    const dataDir = await makeTempDir();
    const before = await startHub({ dataDir });
    await post(before.http, { source: 'old', severity: 'critical', message: 'before' });
    expect(await allTypes(before.http)).toEqual(['event']);
    expect(await emailStats(before.http)).toEqual({ state: 'off', sent: 0, pending: 0, dead: 0 });
    await before.stop();
    const server = await startMailServer();
    const hub = await startHub({ dataDir, env: mailSettings(server.port) });
    await post(hub.http, { source: 'new', severity: 'critical', message: 'after' });
    await waitFor(async () => (await notifications(hub.http, '?state=sent')).length > 0, { what: 'the mail' });
    expect(server.received.map(({ mail }) => mail.subject)).toEqual(['[CRITICAL] new: after']);
  });
});

describe('what the hub tells about mails', () => {
  it('is refused to questions that are wrong, with the reason', async () => {
    const server = await startMailServer();
    const hub = await startHub({ dataDir: await makeTempDir(), env: mailSettings(server.port) });
    const refusal = async (path: string) => {
      const { status, body } = await ask(`${hub.http}${path}`);
      return [status, (body as { error: string }).error];
    };
    expect(await refusal('/api/notifications?state=lost')).toEqual([
      400,
      'state: must be one of pending, sent, dead; got "lost"',
    ]);
    expect(await refusal('/api/notifications?x=1')).toEqual([400, 'x: unknown parameter; known are state']);
    expect(await refusal('/api/events/9/trace')).toEqual([404, 'position 9 is above the head, 1']);
    expect(await refusal('/api/events/1/trace')).toEqual([
      400,
      'position 1 is a decision, alerting.configured; only events have a trace',
    ]);
    expect(await refusal('/api/events/1/trace?x=1')).toEqual([400, 'x: unknown parameter; none is taken here']);
  });
});

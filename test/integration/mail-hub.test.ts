import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { startHub } from '../support/hub.ts';
import { page } from '../support/hub-http.ts';
import { emailStats, mailSettings, notifications, trace } from '../support/mail-hub.ts';
import { startMailServer } from '../support/smtp-receiver.ts';
import { connectTcp } from '../support/tcp-producer.ts';
import { makeTempDir } from '../support/temp-dir.ts';

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
        reason: expect.stringMatching(/first/) as string,
      },
      { type: 'notification.sent', to: 'ops@example.com', attempts: 1, reply: expect.stringMatching(/^250/) as string },
    ]);
    expect(await emailStats(hub.http)).toEqual({ state: 'ok', sent: 1, pending: 0, dead: 0 });
    expect(await notifications(hub.http)).toMatchObject([
      { state: 'sent', route: 'default', to: 'ops@example.com', events: [position], attempts: 1, nextAttempt: null },
    ]);
    const all = await page(hub.http, 'type=*&after=0');
    expect(all.events.map(({ type }) => type as string)).toEqual([
      'alerting.configured',
      'event',
      'notification.queued',
      'notification.sent',
    ]);
  });
});

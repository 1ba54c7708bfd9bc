import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import type { EmailSettings } from '../../src/sinks/email/settings.ts';
import { waitFor } from '../support/deadline.ts';
import { makeCertificate } from '../support/smtp-certificate.ts';
import { eventWith, notificationOf } from '../support/smtp-outbox.ts';
import { startMailServer, type ReceivedMail } from '../support/smtp-receiver.ts';
import { startSink } from '../support/smtp-sink.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const certificate = makeCertificate();

/** With TLS from the start and a login. */
async function startSafeMailServer() {
  const { port, received } = await startMailServer({
    ...certificate,
    secure: true,
    disabledCommands: [],
    onAuth: ({ username, password }, _, done) =>
      username === 'hub' && password === 'secret' ? done(null, { user: 'hub' }) : done(new Error('wrong')),
  });
  const caFile = join(await makeTempDir(), 'ca.pem');
  await writeFile(caFile, certificate.cert);
  return { received, settings: { url: `smtps://localhost:${port}`, user: 'hub', password: 'secret', caFile } };
}

async function mailAbout(
  events: readonly RecordedEvent[],
  { count = events.length, ...settings }: Partial<Pick<EmailSettings, 'from'>> & { readonly count?: number } = {},
): Promise<ReceivedMail> {
  const server = await startSafeMailServer();
  const { outbox, now } = startSink({ ...server.settings, ...settings }, { readEvents: async () => events });
  outbox.queue(notificationOf(events[0]!, { queuedAt: now(), count }));
  await waitFor(() => outbox.decisions.length > 0, { what: 'a verdict' });
  expect(outbox.decisions.map(({ type }) => type)).toEqual(['notification.sent']);
  expect(server.received).toHaveLength(1);
  return server.received[0]!;
}

const headerNames = [
  ...['auto-submitted', 'content-type', 'date', 'from', 'in-reply-to', 'list-id', 'message-id'],
  ...['mime-version', 'references', 'subject', 'to'],
];

describe('a mail about one event', () => {
  it('says who, what and where, in headers and in both parts', async () => {
    const event = eventWith({ labels: { site: 'madrid' }, data: { celsius: 81, note: 'fan' }, key: 'rack "7" \\ a' });
    const { mail, from, to } = await mailAbout([event], { from: 'Alerts <hub@example.org>' });
    expect({ from, to }).toEqual({ from: 'hub@example.org', to: ['ops@example.com'] });
    expect(mail.subject).toBe('[CRITICAL] sensor_01: temperature 81 C');
    expect(mail.from?.value).toEqual([{ name: 'Alerts', address: 'hub@example.org' }]);
    expect(mail.messageId).toBe('<nah.E1.7.abc@example.org>');
    expect(mail.inReplyTo).toMatch(/^<nah\.E1\.g\.[0-9a-f]{24}@example\.org>$/);
    expect(mail.references).toBe(mail.inReplyTo);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    const parts = [mail.text ?? '', mail.html === false ? '' : mail.html];
    for (const value of ['madrid', '81', 'fan', 'temperature 81 C', '2026-01-02T03:04:05.000Z', 'mailed at once']) {
      for (const part of parts) expect(part).toContain(value);
    }
    const link = `https://alerts.example.org/?q=${encodeURIComponent('key:"rack \\"7\\" \\\\ a"')}`;
    for (const part of parts) expect(part).toContain(link);
  });
});

describe('a digest', () => {
  it('counts all events, and lists the first 50', async () => {
    const events = Array.from({ length: 60 }, (_, index) =>
      eventWith({ position: index + 7, message: `event no. ${index}.` }),
    );
    const { mail } = await mailAbout(events, { count: 1_000 });
    expect(mail.subject).toBe('[CRITICAL] sensor_01: event no. 0. (+999)');
    expect(mail.text).toContain('1000 critical');
    expect(mail.text).toContain('event no. 49.');
    expect(mail.text).not.toContain('event no. 50.');
    expect(mail.text).toContain('950 more are not listed');
    expect(mail.html).toContain('950 more are not listed');
  });
});

describe('what a producer sent', () => {
  const hostile = [
    ['line ends and headers', 'a\r\nBcc: evil@example.com\r\n\r\nbody'],
    ['the end of a mail', 'a\r\n.\r\nMAIL FROM:<evil@example.com>\r\n.\n.\r'],
    ['markup', '<script>alert(1)</script>"\'><img src=x onerror=alert(1)>'],
    ['other line ends', 'a\u0085Bcc: evil@example.com\u2028Bcc: e@example.com\u0000\u000b'],
    ['4,000 characters', 'word '.repeat(800)],
    ['one word of 4,000 characters', 'x'.repeat(4_000)],
    ['emoji', '🔥'.repeat(300)],
    ['turned writing', '\u202Egnp.exe\u2066'],
    ['an encoded word', '=?utf-8?Q?=0D=0ABcc:_evil@example.com?='],
    ['an address', 'x" <evil@example.com>, other@example.com'],
  ] as const;

  it.each(hostile)('adds nothing to a mail: %s', async (_, text) => {
    const source = text.slice(0, 128).toWellFormed();
    const event = eventWith({
      source,
      key: source,
      message: text,
      labels: { [source.slice(0, 64)]: text },
      data: { [source]: text },
    });
    const { raw, mail, from, to } = await mailAbout([event]);
    expect({ from, to }).toEqual({ from: 'hub@example.org', to: ['ops@example.com'] });
    expect(mail.headerLines.map(({ key }) => key).sort()).toEqual(headerNames);
    expect(mail.to).toMatchObject({ value: [{ address: 'ops@example.com' }] });
    expect(mail.attachments).toEqual([]);
    expect(mail.subject).toMatch(/^\[CRITICAL\] /);
    expect(mail.subject!.length).toBeLessThanOrEqual(120);
    expect(mail.subject).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
    expect(mail.subject?.isWellFormed()).toBe(true);
    expect(mail.html).not.toMatch(/<(?:script|img)/);
    // Within the limits of RFC 5322 and without a bare CR or LF (SMTP smuggling).
    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  });

  it('cannot pass for a line of the hub', async () => {
    const { mail } = await mailAbout([eventWith({ message: 'a\nseverity: info\nWhy: nothing' })]);
    expect(mail.text?.match(/^severity: .*$/gm)).toEqual(['severity: critical']);
    expect(mail.text?.match(/^Why: /gm)).toHaveLength(1);
  });
});

describe('a test mail', () => {
  it('gives the reply of the mail server', async () => {
    const server = await startSafeMailServer();
    const { sink } = startSink(server.settings);
    const answer = await sink.sendTest('me@example.com');
    expect(answer.ok).toBe(true);
    expect(answer.reply).toMatch(/^250 /);
    expect(server.received.map(({ to }) => to)).toEqual([['me@example.com']]);
  });

  it('says what to do when the login is wrong', async () => {
    const server = await startSafeMailServer();
    const { sink } = startSink({ ...server.settings, password: 'other' });
    const { ok, reply } = await sink.sendTest('me@example.com');
    expect(ok).toBe(false);
    expect(reply).toContain('HUB_SMTP_PASSWORD');
  });
});

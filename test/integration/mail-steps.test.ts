import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { makeCertificate } from '../support/smtp-certificate.ts';
import { eventWith, notificationOf } from '../support/smtp-outbox.ts';
import { startScriptedSmtp, type SmtpScript } from '../support/smtp-script.ts';
import { startSink } from '../support/smtp-sink.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const good = makeCertificate();
const expired = makeCertificate({ isExpired: true });
const password = 'hunter2-secret';
/** For one answer of a mail server that does not give it. */
const patienceMs = 400;

/** One attempt with a login, where the certificate of the mail server is checked, and `good` is trusted. */
async function attempt(script: SmtpScript, { scheme = 'smtp', trusted = good } = {}) {
  const smtp = await startScriptedSmtp(script);
  const caFile = join(await makeTempDir(), 'ca.pem');
  await writeFile(caFile, trusted.cert);
  const isSlow = Object.values(script.answers).some((answer) => answer === 'hang' || answer === 'endless');
  const url = `${scheme}://localhost:${smtp.port}`;
  const settings = { url, user: 'hub', password, caFile, ...(isSlow ? { timeout: patienceMs } : {}) };
  const probe = startSink(settings);
  probe.outbox.queue(notificationOf(eventWith(), { queuedAt: probe.now() }));
  await ended(probe);
  const [decision] = probe.outbox.decisions;
  return { ...probe, smtp, settings, outcome: decision?.type ?? probe.sink.status().state };
}

async function ended({ outbox, sink }: Pick<ReturnType<typeof startSink>, 'outbox' | 'sink'>): Promise<void> {
  const isPaused = () => sink.status().state === 'paused' && outbox.announced.length > 0;
  await waitFor(() => outbox.decisions.length > 0 || isPaused(), { within: 8_000, what: 'a verdict' });
}

/** What of a login or a mail was sent outside TLS. */
function leaks(clear: string): string[] {
  const login = Buffer.from(`\0hub\0${password}`).toString('base64');
  return ['AUTH', 'MAIL', 'RCPT', 'DATA', 'temperature', login, password].filter((text) => clear.includes(text));
}

describe('STARTTLS, when the mail server', () => {
  it.each([
    ['puts it off', { STARTTLS: '454 not now' }, 'notification.deferred'],
    ['is busy', { STARTTLS: '421 busy' }, 'notification.deferred'],
    ['does not answer', { STARTTLS: 'hang' }, 'notification.deferred'],
    ['ends the connection', { STARTTLS: 'close' }, 'notification.deferred'],
    ['refuses it', { STARTTLS: '554 no' }, 'paused'],
    ['agrees and falls silent', { TLS: 'hang' }, 'notification.deferred'],
    ['agrees and ends the connection', { TLS: 'close' }, 'notification.deferred'],
    ['agrees and goes on in clear text', { TLS: '250 AUTH PLAIN' }, 'paused'],
  ] as const)('%s, sends neither login nor mail in clear text', async (_, answers, expected) => {
    const { outcome, smtp, outbox } = await attempt({ answers, certificate: good });
    expect(outcome).toBe(expected);
    expect(outbox.pending).toHaveLength(1);
    expect(leaks(smtp.clear())).toEqual([]);
  });

  it('takes no word for granted that was said before TLS', async () => {
    const { outcome, smtp } = await attempt({ answers: { STARTTLS: '220 go on\r\n235 welcome' }, certificate: good });
    expect(outcome).toBe('notification.sent');
    expect(smtp.commands.filter((command) => command.startsWith('AUTH'))).toHaveLength(1);
    expect(leaks(smtp.clear())).toEqual([]);
  });

  const inside = ['EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'dot'] as const;
  it.each(inside.flatMap((step) => ['421 busy', '550 no', 'close'].map((answer) => [step, answer] as const)))(
    'keeps all inside TLS when %s is answered with "%s"',
    async (step, answer) => {
      let greetings = 0;
      const isSecond = () => (greetings += 1) > 1;
      const scripted = step === 'EHLO' ? () => (isSecond() ? answer : '250-STARTTLS\r\n250 AUTH PLAIN') : answer;
      const { outcome, smtp } = await attempt({ answers: { [step]: scripted }, certificate: good });
      expect(outcome).not.toBe('notification.sent');
      expect(leaks(smtp.clear())).toEqual([]);
    },
  );
});

describe('TLS from the start, when the mail server', () => {
  it.each([
    ['has a certificate that has expired', { answers: {}, certificate: expired, isTls: true }, expired, 'paused'],
    ['has a certificate nobody vouches for', { answers: {}, certificate: good, isTls: true }, expired, 'paused'],
    ['speaks in clear text', { answers: {} }, good, 'paused'],
    ['says nothing', { answers: { greeting: 'hang' } }, good, 'notification.deferred'],
    [
      'says nothing inside TLS',
      { answers: { greeting: 'hang' }, certificate: good, isTls: true },
      good,
      'notification.deferred',
    ],
    ['ends the connection', { answers: { greeting: 'close' } }, good, 'notification.deferred'],
  ] as const)('%s, sends neither login nor mail', async (_, script, trusted, expected) => {
    const { outcome, smtp, outbox } = await attempt(script, { scheme: 'smtps', trusted });
    expect(outcome).toBe(expected);
    expect(outbox.pending).toHaveLength(1);
    expect(smtp.commands).toEqual([]);
    expect(leaks(smtp.clear())).toEqual([]);
  });
});

describe('a mail server whose answer does not end', () => {
  it('keeps the mail no longer than ten answers may take', async () => {
    const { outbox } = await attempt({ answers: { dot: 'endless' }, certificate: good });
    const reply = `the mail server had not taken the mail after ${10 * patienceMs} ms`;
    expect(outbox.decisions).toMatchObject([{ type: 'notification.deferred', reply }]);
    expect(outbox.pending).toHaveLength(1);
  });
});

describe('a mail whose end the mail server has seen', () => {
  it.each(['421 busy', 'hang', 'close'])(
    'has the same Message-ID when it is tried again after "%s"',
    async (answer) => {
      const { smtp, outbox, advance } = await attempt({ answers: { dot: answer }, certificate: good });
      smtp.script.answers = {};
      const isSent = () => outbox.decisions.at(-1)?.type === 'notification.sent';
      // On a busy machine an attempt may be too slow for the patience of this test.
      await waitFor(() => isSent() || advance(60_000), { within: 15_000, what: 'an attempt that gets through' });
      expect(outbox.decisions[0]?.type).toBe('notification.deferred');
      expect(smtp.mails.length).toBeGreaterThan(1);
      expect(new Set(smtp.mails.map(messageIdOf)).size).toBe(1);
    },
  );

  it('has the same Message-ID when another run of the hub sends it', async () => {
    const first = await attempt({ answers: { dot: '451 later' }, certificate: good });
    await first.sink.stop();
    first.smtp.script.answers = {};
    const second = startSink(first.settings);
    second.outbox.queue(notificationOf(eventWith(), { queuedAt: second.now() }));
    await ended(second);
    expect(first.smtp.mails).toHaveLength(2);
    expect(new Set(first.smtp.mails.map(messageIdOf)).size).toBe(1);
  });
});

describe('a mail to two recipients', () => {
  it.each([
    ['550 nobody', 'notification.dead'],
    ['450 later', 'notification.deferred'],
  ])('whose first is answered with "%s" reaches the other, once', async (answer, expected) => {
    const answers = { RCPT: (command: string) => (command.includes('first@') ? answer : '250 ok') };
    const { smtp, settings } = await attempt({ answers, certificate: good });
    const before = smtp.mails.length;
    const { outbox, now, advance } = startSink(settings);
    const event = eventWith();
    outbox.queue(
      notificationOf(event, { id: '7.abc-1', to: 'first@example.com', queuedAt: now() }),
      notificationOf(event, { id: '7.abc-2', to: 'second@example.com', queuedAt: now() }),
    );
    await waitFor(() => outbox.decisions.length === 2, { what: 'both verdicts' });
    const byRecipient = Object.fromEntries(outbox.decisions.map(({ to, type }) => [to, type]));
    expect(byRecipient).toEqual({ 'first@example.com': expected, 'second@example.com': 'notification.sent' });
    advance(60 * 60_000);
    if (expected.endsWith('deferred'))
      await waitFor(() => outbox.decisions.length === 3, { what: 'the second attempt' });
    expect(smtp.mails).toHaveLength(before + 1);
  });
});

function messageIdOf(mail: string): string {
  return /^Message-ID: (.*)$/im.exec(mail)?.[1]?.trim() ?? mail;
}

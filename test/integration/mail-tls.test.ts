import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeCertificate, type Certificate } from '../support/smtp-certificate.ts';
import { eventWith, notificationOf } from '../support/smtp-outbox.ts';
import { startScriptedSmtp, type SmtpScript } from '../support/smtp-script.ts';
import { startSink } from '../support/smtp-sink.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const good = makeCertificate();
const secret = 'hunter2-secret';

async function attempt(script: SmtpScript, { query = '', trusted }: { query?: string; trusted?: Certificate } = {}) {
  const smtp = await startScriptedSmtp(script);
  const file = join(await makeTempDir(), 'ca.pem');
  await writeFile(file, (trusted ?? makeCertificate({ name: 'other' })).cert);
  // With a file of authorities the certificate is checked on loopback too.
  const settings = { url: `smtp://localhost:${smtp.port}${query}`, user: 'hub', password: secret, caFile: file };
  const probe = startSink(settings);
  probe.outbox.queue(notificationOf(eventWith(), { queuedAt: probe.now() }));
  await probe.verdict();
  return { ...probe, smtp };
}

/** What of a login or a mail was sent outside TLS. */
function leaks(clear: string): string[] {
  return ['AUTH', 'MAIL', 'RCPT', 'DATA', 'temperature', Buffer.from(secret).toString('base64'), secret].filter(
    (text) => clear.includes(text),
  );
}

describe('STARTTLS', () => {
  it('sends login and mail inside TLS', async () => {
    const { smtp, outbox } = await attempt({ answers: {}, certificate: good }, { trusted: good });
    expect(outbox.decisions.map(({ type }) => type)).toEqual(['notification.sent']);
    expect(smtp.commands.some((command) => command.startsWith('AUTH'))).toBe(true);
    expect(leaks(smtp.clear())).toEqual([]);
  });

  it.each([
    ['nobody vouches for', good, undefined],
    ['has expired', ...twice(makeCertificate({ isExpired: true }))],
    ['names another host', ...twice(makeCertificate({ name: 'elsewhere.example' }))],
  ] as const)('pauses at a certificate that %s', async (_, certificate, trusted) => {
    const { smtp, outbox, sink } = await attempt(
      { answers: {}, certificate },
      trusted === undefined ? {} : { trusted },
    );
    expect(sink.status().reason).toContain('email.caFile');
    expect(outbox.decisions).toEqual([]);
    expect(leaks(smtp.clear())).toEqual([]);
    expect(smtp.mails).toEqual([]);
  });
});

describe('a mail server without STARTTLS', () => {
  it.each([
    ['that does not offer it', '502 what'],
    ['that refuses it', '554 no'],
    ['that answers and then talks on in clear text', '220 go on'],
  ])('%s gets no login and no mail', async (_, answer) => {
    const smtp = await startScriptedSmtp({ answers: { STARTTLS: answer, EHLO: '250 AUTH PLAIN' } });
    // An address of this machine that is not a loopback address, so that TLS is required by default.
    const url = `smtp://0.0.0.0:${smtp.port}`;
    const { outbox, sink, now, verdict } = startSink({ url, user: 'hub', password: secret, timeout: 300 });
    outbox.queue(notificationOf(eventWith(), { queuedAt: now() }));
    await verdict();
    expect(outbox.decisions.filter(({ type }) => type !== 'notification.deferred')).toEqual([]);
    expect(outbox.pending).toHaveLength(1);
    expect(sink.status().state).toBe(answer.startsWith('5') ? 'paused' : 'ok');
    expect(leaks(smtp.clear())).toEqual([]);
  });

  it('on loopback is good enough, unless told otherwise', async () => {
    const smtp = await startScriptedSmtp({ answers: {} });
    const { outbox, now, verdict } = startSink({ url: `smtp://127.0.0.1:${smtp.port}` });
    outbox.queue(notificationOf(eventWith(), { queuedAt: now() }));
    await verdict();
    expect(outbox.decisions[0]?.type).toBe('notification.sent');
  });
});

function twice(certificate: Certificate): [Certificate, Certificate] {
  return [certificate, certificate];
}

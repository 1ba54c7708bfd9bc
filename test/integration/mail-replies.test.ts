import { describe, expect, it } from 'vitest';
import { findFreePort } from '../support/free-port.ts';
import { waitFor } from '../support/deadline.ts';
import { eventWith, notificationOf } from '../support/smtp-outbox.ts';
import { startScriptedSmtp, type Step } from '../support/smtp-script.ts';
import { startSink } from '../support/smtp-sink.ts';

const credentials = { user: 'hub', password: 'secret' };
const hour = 60 * 60_000;

async function attempt(answers: Partial<Record<Step, string>>, query = '?tls=none') {
  const smtp = await startScriptedSmtp({ answers });
  // Only what hangs waits this long.
  const isHang = Object.values(answers).includes('hang');
  const url = `smtp://127.0.0.1:${smtp.port}${query}`;
  const probe = startSink({ url, ...credentials, ...(isHang ? { timeout: 150 } : {}) });
  probe.outbox.queue(notificationOf(eventWith(), { queuedAt: probe.now() }));
  await probe.verdict();
  return { ...probe, smtp };
}

describe('the mail server answers', () => {
  const steps = ['greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'dot'] as const;
  const cases = steps.flatMap((step) =>
    ['421 busy', '450 later', '451 later', 'hang', 'close'].map((answer) => [step, answer] as const),
  );

  it.each([...cases, ['greeting', '554 no'] as const, ['dot', 'nonsense'] as const])(
    'at %s with "%s": the mail is tried again',
    async (step, answer) => {
      const { outbox, sink, smtp, failures } = await attempt({ [step]: answer });
      expect(outbox.decisions.map(({ type, attempts }) => [type, attempts])).toEqual([['notification.deferred', 1]]);
      expect(sink.status()).toEqual({ state: 'ok' });
      expect(smtp.mails).toHaveLength(step === 'dot' ? 1 : 0);
      expect(failures).toEqual([]);
    },
  );

  it('at EHLO and HELO with 5xx: the mail is tried again', async () => {
    const { outbox } = await attempt({ EHLO: '550 no' });
    expect(outbox.decisions.map(({ type }) => type)).toEqual(['notification.deferred']);
  });

  it.each(['RCPT', 'DATA', 'dot'] as const)('at %s with 5xx: the mail is dead at once', async (step) => {
    const { outbox, sink } = await attempt({ [step]: '550 5.1.1 nobody' });
    expect(outbox.decisions).toMatchObject([{ type: 'notification.dead', attempts: 1, reply: '550 5.1.1 nobody' }]);
    expect(outbox.pending).toEqual([]);
    expect(sink.status().state).toBe('ok');
  });

  it.each([
    ['AUTH', '535 5.7.8 wrong', 'email.password'],
    ['MAIL', '530 5.7.0 log in', 'email.from'],
  ] as const)('at %s with 5xx: the sink pauses and says what to do', async (step, answer, advice) => {
    const { outbox, sink } = await attempt({ [step]: answer });
    expect(sink.status().reason).toContain(answer);
    expect(sink.status().reason).toContain(advice);
    await waitFor(() => outbox.announced.length > 0, { what: 'the event about it' });
    expect(outbox.announced).toMatchObject([{ severity: 'error', source: 'alert-hub', key: 'alert-hub/mail' }]);
    expect(outbox.decisions).toEqual([]);
    expect(outbox.pending).toHaveLength(1);
  });

  it('not at all: a refused connection is tried again', async () => {
    const { outbox, now } = startSink({ url: `smtp://127.0.0.1:${await findFreePort()}` });
    outbox.queue(notificationOf(eventWith(), { queuedAt: now() }));
    await waitFor(() => outbox.decisions.length > 0, { what: 'a verdict' });
    expect(outbox.decisions[0]?.type).toBe('notification.deferred');
  });
});

describe('a mail that is tried again', () => {
  it.each([
    ['450 later', 'RCPT', 60_000],
    ['421 busy', 'greeting', 5_000],
  ] as const)('waits, after "%s" at %s, for %d ms', async (answer, step, wait) => {
    const { outbox, now } = await attempt({ [step]: answer });
    expect(outbox.pending[0]!.nextAttempt - now()).toBe(wait);
  });

  it('has the same Message-ID each time', async () => {
    const { smtp, outbox, advance } = await attempt({ dot: '451 later' });
    smtp.script.answers = {};
    advance(10 * 60_000);
    await waitFor(() => outbox.decisions.length === 2, { what: 'the second attempt' });
    const ids = smtp.mails.map((mail) => /^Message-ID: (.*)$/im.exec(mail)?.[1]?.trim());
    expect(ids).toEqual(['<nah.E1.7.abc@example.org>', '<nah.E1.7.abc@example.org>']);
    expect(outbox.decisions.at(-1)).toMatchObject({ type: 'notification.sent', attempts: 2 });
  });

  it('is dead after 48 hours', async () => {
    const { outbox, advance } = await attempt({ RCPT: '451 later' });
    advance(47 * hour);
    await waitFor(() => outbox.decisions.length === 2, { what: 'the second attempt' });
    expect(outbox.decisions.at(-1)?.type).toBe('notification.deferred');
    advance(hour);
    await waitFor(() => outbox.decisions.length === 3, { what: 'the last attempt' });
    expect(outbox.decisions.at(-1)?.type).toBe('notification.dead');
  });
});

describe('a pause', () => {
  it('tries one mail at a time, after 1 min, then 2, and ends with the first that gets through', async () => {
    const { smtp, outbox, sink, advance, now } = await attempt({ AUTH: '535 wrong' });
    outbox.queue(notificationOf(eventWith(), { id: '8.def', queuedAt: now() }));
    const logins = () => smtp.commands.filter((command) => command.startsWith('AUTH')).length;
    advance(59_000);
    expect(logins()).toBe(1);
    advance(1_000);
    await waitFor(() => logins() === 2, { what: 'the second try' });
    await waitFor(() => sink.status().state === 'paused', { what: 'its end' });
    smtp.script.answers = {};
    // A probe on its way ends before the next may begin.
    await waitFor(() => (advance(60_000), outbox.decisions.length === 2), { what: 'both mails' });
    expect(outbox.decisions.map(({ type }) => type)).toEqual(['notification.sent', 'notification.sent']);
    expect(sink.status()).toEqual({ state: 'ok' });
    await waitFor(() => outbox.announced.length === 2, { what: 'the end of the pause in the log' });
    expect(outbox.announced.map(({ severity }) => severity)).toEqual(['error', 'info']);
  });

  it('costs no mail its 48 hours', async () => {
    const { smtp, outbox, advance } = await attempt({ AUTH: '535 wrong' });
    smtp.script.answers = { RCPT: '451 later' };
    advance(72 * hour);
    await waitFor(() => outbox.decisions.length === 1, { what: 'an attempt after the pause' });
    expect(outbox.decisions[0]?.type).toBe('notification.deferred');
  });
});

describe('stopping', () => {
  it('cuts a mail that takes too long, and records nothing of it', async () => {
    const smtp = await startScriptedSmtp({ answers: { dot: 'hang' } });
    const { sink, outbox, now } = startSink({ url: `smtp://127.0.0.1:${smtp.port}` });
    outbox.queue(notificationOf(eventWith(), { queuedAt: now() }));
    await waitFor(() => smtp.mails.length === 1, { what: 'the mail' });
    await sink.stop();
    expect(outbox.decisions).toEqual([]);
    expect(outbox.pending).toHaveLength(1);
  });
});

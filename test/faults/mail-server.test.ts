import { onTestFinished, describe, expect, test, vi } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { page, post } from '../support/hub-http.ts';
import { startHub } from '../support/hub.ts';
import { emailStats } from '../support/mail-hub.ts';
import { postfixIsMissing } from '../support/postfix-install.ts';
import { startPostfix, type Postfix } from '../support/postfix.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const minute = 60_000;
const missing = await postfixIsMissing();
if (missing !== undefined) process.stderr.write(`skipped: ${missing}\n`);

describe.skipIf(missing !== undefined)('mail by way of Postfix', () => {
  test('brings a critical event into the mailbox, over TLS and after a login', async () => {
    const { postfix, hub } = await start();
    await post(hub.http, { source: 'door', severity: 'critical', message: 'server room door open' });
    const [mail] = await delivered(postfix, 1);
    expect(mail?.subject).toBe('[CRITICAL] door: server room door open');
    expect(mail?.to).toMatchObject({ value: [{ address: 'ops@example.com' }] });
    expect(mail?.from?.value).toMatchObject([{ address: 'hub@example.org' }]);
    expect(mail?.text).toContain('server room door open');
    expect(mail?.html).toContain('server room door open');
    // RFC 3848: with STARTTLS and a login.
    expect(mail?.headerLines.map(({ line }) => line)).toContainEqual(
      expect.stringMatching(/^Received: [^]*with ESMTPSA/),
    );
  });

  test('brings a burst as its first event and one digest at the end of the interval', async () => {
    const { postfix, hub } = await start();
    const event = { source: 'sensor', severity: 'error', message: 'too hot' };
    await post(hub.http, event);
    await delivered(postfix, 1);
    await post(
      hub.http,
      Array.from({ length: 20 }, () => event),
    );
    await vi.advanceTimersByTimeAsync(4 * minute);
    await fence(postfix, hub.http, 2);
    await vi.advanceTimersByTimeAsync(minute);
    const digest = (await delivered(postfix, 3)).find(({ subject = '' }) => subject.includes('(+'));
    expect(digest?.subject).toBe('[ERROR] sensor: too hot (+19)');
    expect(digest?.text).toContain('20 error');
    await vi.advanceTimersByTimeAsync(10 * minute);
    await fence(postfix, hub.http, 4);
  });

  test('brings everything once after the mail server was away', async () => {
    const { postfix, hub } = await start();
    const eventOf = (source: string) => ({ source, severity: 'critical', message: 'is down' });
    await post(hub.http, eventOf('router-0'));
    await delivered(postfix, 1);
    await postfix.stop();
    const others = ['router-1', 'router-2', 'router-3', 'router-4', 'router-5'];
    await post(hub.http, others.map(eventOf));
    const deferred = () => page(hub.http, 'type=notification.deferred&after=0');
    await waitFor(async () => (await deferred()).events.length >= others.length, { what: 'five failed attempts' });
    await postfix.start();
    await vi.advanceTimersByTimeAsync(minute);
    await sent(hub.http, 6);
    const mails = await delivered(postfix, 6);
    expect(mails.map(({ subject }) => subject).toSorted()).toEqual(
      ['router-0', ...others].map((source) => `[CRITICAL] ${source}: is down`),
    );
    await vi.advanceTimersByTimeAsync(60 * minute);
    await fence(postfix, hub.http, 7);
  });
});

/** Postfix, and a hub that mails by way of it, whose clock goes on by itself and can be put forward. */
async function start() {
  const postfix = await startPostfix();
  const dataDir = await makeTempDir();
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const env = {
    HUB_SMTP_URL: postfix.url,
    HUB_SMTP_USER: postfix.user,
    HUB_SMTP_PASSWORD: postfix.password,
    HUB_SMTP_CA_FILE: postfix.caFile,
    HUB_SMTP_FROM: 'hub@example.org',
    HUB_ALERT_TO: 'ops@example.com',
  };
  return { postfix, hub: await startHub({ dataDir, env }) };
}

/** The first mails in the mailbox, once they are there. */
async function delivered(postfix: Postfix, count: number) {
  return waitFor(
    async () => {
      const mails = await postfix.mailbox();
      return mails.length >= count ? mails : undefined;
    },
    { within: 15_000, what: `${String(count)} mails in the mailbox` },
  );
}

/** Has one more mail sent, and no other: what was due before it has gone out when it arrives. */
async function fence(postfix: Postfix, http: string, count: number): Promise<void> {
  await post(http, { source: `fence-${String(count)}`, severity: 'critical', message: 'is here' });
  await sent(http, count);
  const subjects = (await delivered(postfix, count)).map(({ subject }) => subject);
  expect(subjects).toContain(`[CRITICAL] fence-${String(count)}: is here`);
  const ids = await postfix.accepted();
  expect(ids).toHaveLength(count);
  expect(new Set(ids).size).toBe(count);
}

/** Waits until the hub knows of so many mails that they were taken, and of none that waits. */
async function sent(http: string, count: number): Promise<void> {
  const isDone = async () => {
    const stats = (await emailStats(http)) as { readonly sent: number; readonly pending: number };
    return stats.sent >= count && stats.pending === 0;
  };
  await waitFor(isDone, { within: 15_000, what: `the end of ${String(count)} mails` });
}

import type { TestMailResult } from '../../pipeline/alerting/test-mail.ts';
import { deliver } from './delivery.ts';
import { testMail } from './mail.ts';
import type { EmailSettings } from './settings.ts';
import type { Verdict } from './verdict.ts';

export const emailIsOff: TestMailResult = { ok: false, reply: 'e-mail is off: set email.url (HUB_SMTP_URL)' };

/** Sends a test with these settings, without a hub. */
export async function sendTestMail(settings: EmailSettings, to: string, now: number): Promise<TestMailResult> {
  const { url } = settings;
  if (url === undefined) return emailIsOff;
  const mail = testMail(to, { from: settings.from, epoch: 'test', publicUrl: undefined }, now);
  return testResult(await deliver(mail, { ...settings, url }, new AbortController().signal));
}

/** What became of a test, for people. */
export function testResult(verdict: Verdict): TestMailResult {
  const reply = verdict.kind === 'refused' ? `${verdict.reply}; ${verdict.advice}` : verdict.reply;
  return { ok: verdict.kind === 'sent', reply };
}

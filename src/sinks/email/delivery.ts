import type { Mail } from './mail.ts';
import { transportOptions } from './mail-server.ts';
import type { EmailSettings } from './settings.ts';
import { plainReply, verdictOf, type Verdict } from './verdict.ts';
import { withoutPassword } from './without-password.ts';

/** As many as one mail takes at most, with STARTTLS and a login. Else a mail server that says a little now and then, and never
 *  ends, would keep a mail for good, and those behind it. */
const answersPerMail = 10;

type Settings = EmailSettings & { url: string };

/** Hands one mail to the mail server, over a connection of its own, and says what became of it. Never rejects. When `signal`
 *  aborts, or ten answers' time is over, the connection is cut, and whether the server took the mail is unknown. */
export async function deliver(mail: Mail, settings: Settings, signal: AbortSignal): Promise<Verdict> {
  const verdict = await attempt(mail, settings, signal);
  return { ...verdict, reply: withoutPassword(verdict.reply, settings) };
}

async function attempt(mail: Mail, settings: Settings, signal: AbortSignal): Promise<Verdict> {
  let options;
  try {
    options = await transportOptions(settings);
  } catch (error) {
    return { kind: 'refused', reply: plainReply(String(error)), advice: 'check email.caFile (HUB_SMTP_CA_FILE)' };
  }
  const longestMs = settings.timeout * answersPerMail;
  const tooLong = AbortSignal.timeout(longestMs);
  const cut = AbortSignal.any([signal, tooLong]);
  const message = { ...mail, headers: { ...mail.headers }, xMailer: false as const, signal: cut };
  try {
    // Not before a mail goes out: it is large, and many hubs send none.
    const { createTransport } = await import('nodemailer');
    const { response } = await createTransport(options).sendMail(message);
    return { kind: 'sent', reply: plainReply(response) };
  } catch (error) {
    return verdictOf(
      tooLong.aborted ? new Error(`the mail server had not taken the mail after ${String(longestMs)} ms`) : error,
    );
  }
}

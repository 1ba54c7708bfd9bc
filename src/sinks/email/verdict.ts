/** What became of one attempt to send one mail. */
export type Verdict =
  | { readonly kind: 'sent'; readonly reply: string }
  /** Not now. `isPastSender`: the server let us in and took the sender, so nothing is wrong with the settings. */
  | { readonly kind: 'deferred'; readonly reply: string; readonly leastWaitMs: number; readonly isPastSender: boolean }
  /** Never, for this recipient or this mail. */
  | { readonly kind: 'dead'; readonly reply: string }
  /** Not for any mail, until a person does what `advice` says. */
  | { readonly kind: 'refused'; readonly reply: string; readonly advice: string };

const maxReply = 500;
/** Greylisting servers want to see a second attempt, though not at once. */
const greylistWaitMs = 60_000;
const badTls = /^(?:ERR_TLS|ERR_SSL|ERR_OSSL|EPROTO$|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_|INVALID_)/;

const tlsAdvice =
  'check the certificate of the mail server, email.caFile (HUB_SMTP_CA_FILE) and that it offers TLS 1.2';
const startTlsAdvice =
  'the mail server must offer STARTTLS: check email.url (HUB_SMTP_URL); mail is not sent in clear text';
const loginAdvice = 'check email.user and email.password (HUB_SMTP_USER, HUB_SMTP_PASSWORD)';
const senderAdvice =
  'the mail server refuses the sender: check email.from (HUB_SMTP_FROM) and whether it wants a login';

/** Sorts what nodemailer fails with, by the command that was answered and the answer: its `code` alone says too little
 *  (`EENVELOPE` is a refused sender as well as greylisting). What nobody knows is tried again. */
export function verdictOf(error: unknown): Verdict {
  const facts = factsOf(error);
  const reply = plainReply(facts.response ?? facts.message);
  if (isFinal(facts)) return { kind: 'dead', reply };
  const advice = adviceFor(facts);
  if (advice !== undefined) return { kind: 'refused', reply, advice };
  const isGreylisted = [450, 451].includes(facts.responseCode);
  return { kind: 'deferred', reply, leastWaitMs: isGreylisted ? greylistWaitMs : 0, isPastSender: isAboutMail(facts) };
}

function isFinal(facts: Facts): boolean {
  // An address that nodemailer itself does not take.
  if (facts.code === 'EENVELOPE' && facts.command === 'API') return true;
  return isRefusal(facts) && isAboutMail(facts);
}

/** What to do about a failure that every mail would meet; undefined for all others. */
function adviceFor(facts: Facts): string | undefined {
  const { code, command, systemCode } = facts;
  if (isRefusal(facts) && command === 'MAIL FROM') return senderAdvice;
  if (code === 'EAUTH' && (isRefusal(facts) || command === 'API')) return loginAdvice;
  if (code === 'ETLS' && isRefusal(facts)) return startTlsAdvice;
  return badTls.test(systemCode) ? tlsAdvice : undefined;
}

function isRefusal({ responseCode }: Facts): boolean {
  return responseCode >= 500 && responseCode < 600;
}

function isAboutMail({ command }: Facts): boolean {
  return command === 'RCPT TO' || command === 'DATA';
}

/** A server's answer on one line, for records and people. */
export function plainReply(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, maxReply)
    .toWellFormed();
}

interface Facts {
  readonly command: string;
  /** 0 when there was no answer. */
  readonly responseCode: number;
  readonly code: string;
  /** Of the system or of OpenSSL, where `code` is nodemailer's. */
  readonly systemCode: string;
  readonly response: string | undefined;
  readonly message: string;
}

type SmtpError = Error & Partial<Omit<Facts, 'systemCode'>> & { readonly originalCode?: string };

function factsOf(error: unknown): Facts {
  const failure: SmtpError = error instanceof Error ? error : new Error(String(error));
  const { command = '', responseCode = 0, code = '', originalCode = code, response, message } = failure;
  return { command, responseCode, code, systemCode: originalCode, response, message };
}

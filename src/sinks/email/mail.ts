import { createHash } from 'node:crypto';
import { subjectLine } from '../../pipeline/alerting/subject-line.ts';
import type { Notification } from '../../pipeline/alerting/state.ts';
import type { RecordedEvent } from '../../pipeline/event.ts';
import { htmlBody } from './html-body.ts';
import { textBody } from './text-body.ts';

/** Where mails come from and lead to. */
export interface MailOrigin {
  /** `alerts@example.com` or `Alerts <alerts@example.com>`. */
  readonly from: string;
  readonly epoch: string;
  readonly publicUrl: string | undefined;
}

/** A mail as nodemailer takes it. Nothing that a producer sent is in a header but the subject. */
export interface Mail {
  readonly from: Mailbox;
  readonly to: Mailbox;
  /** Named apart, so that no text is ever read as a list of addresses. */
  readonly envelope: { readonly from: string; readonly to: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly inReplyTo?: string;
  readonly references?: string;
  readonly date: Date;
  readonly headers: Readonly<Record<string, string>>;
}

interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** The mail of a notification. The same notification has the same `Message-ID` on every attempt, in every run of the hub:
 *  who gets it twice can tell. */
export function mailOf(
  notification: Pick<Notification, 'id' | 'to' | 'queued'>,
  events: readonly RecordedEvent[],
  origin: MailOrigin,
  now: number,
): Mail {
  const { id, to, queued } = notification;
  const link = linkTo(queued.key, origin.publicUrl);
  const thread = messageId(origin, `g.${digest(queued.group)}`);
  return {
    ...frame(origin, to, queued.route, now),
    subject: subjectLine(queued),
    text: textBody(queued, events, link),
    html: htmlBody(queued, events, link),
    messageId: messageId(origin, id),
    inReplyTo: thread,
    references: thread,
  };
}

/** A mail that shows a person that mail arrives. */
export function testMail(to: string, origin: MailOrigin, now: number): Mail {
  const text = 'This is a test. Alerts from Network Alert Hub reach you.';
  return {
    ...frame(origin, to, 'test', now),
    subject: 'Network Alert Hub: test',
    text: `${text}\n`,
    html: `<p>${text}</p>`,
    messageId: messageId(origin, `test.${now.toString(36)}`),
  };
}

function frame(origin: MailOrigin, to: string, list: string, now: number) {
  const from = mailboxOf(origin.from);
  return {
    from,
    to: { name: '', address: to },
    envelope: { from: from.address, to },
    date: new Date(now),
    // RFC 3834: no holiday reply, please. RFC 2919: something to filter by.
    headers: { 'Auto-Submitted': 'auto-generated', 'List-Id': `<${safe(list)}.alert-hub.${domainOf(origin)}>` },
  };
}

function mailboxOf(text: string): Mailbox {
  const [, name = '', address = text] = /^(.*)<(.+)>$/.exec(text) ?? [];
  return { name: name.trim().replace(/^"(.*)"$/, '$1'), address };
}

function domainOf({ from }: MailOrigin): string {
  return safe(mailboxOf(from).address.replace(/^.*@/, ''));
}

function messageId(origin: MailOrigin, id: string): string {
  return `<nah.${safe(origin.epoch)}.${safe(id)}@${domainOf(origin)}>`;
}

/** Characters that need no quoting in an identifier of a mail (RFC 5322, 3.6.4). */
function safe(text: string): string {
  return text.replace(/[^A-Za-z0-9.-]+/g, '-');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

function linkTo(key: string, publicUrl: string | undefined): string | undefined {
  if (publicUrl === undefined) return undefined;
  const query = `key:"${key.replace(/["\\]/g, '\\$&')}"`;
  return `${publicUrl.replace(/\/+$/, '')}/?q=${encodeURIComponent(query)}`;
}

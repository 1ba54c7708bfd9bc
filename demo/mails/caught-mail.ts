import { simpleParser } from 'mailparser';

/** A mail as it arrived. Every text in it is a stranger's. */
export interface CaughtMail {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly caughtAt: number;
  /** Who it was handed over for, whatever its headers say. */
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** Null when the mail is text alone. */
  readonly html: string | null;
  /** Headers and all, as it came over the wire. */
  readonly source: string;
}

export async function readMail(
  source: Buffer,
  envelope: Pick<CaughtMail, 'id' | 'caughtAt' | 'to'>,
): Promise<CaughtMail> {
  const { from, subject, text, html } = await simpleParser(source, { skipTextToHtml: true });
  return {
    ...envelope,
    from: from?.text ?? '',
    subject: subject ?? '(no subject)',
    text: text ?? '',
    html: html === undefined || html === false ? null : html,
    source: source.toString('utf8'),
  };
}

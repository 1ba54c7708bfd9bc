import type { EmailSettings } from './settings.ts';

/** Shorter ones are words that any reply may have, and not found out by it. */
const leastLength = 6;

/** A reply without the password: some mail servers quote the command that they do not like. It stands there as it is, or as
 *  AUTH PLAIN and AUTH LOGIN write it (RFC 4616). */
export function withoutPassword(reply: string, { user = '', password = '' }: Pick<EmailSettings, 'user' | 'password'>) {
  if (password.length < leastLength) return reply;
  const written = [base64(`\0${user}\0${password}`), base64(password), password];
  return written.reduce((cleaned, secret) => cleaned.replaceAll(secret, '[password]'), reply);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64').replace(/=+$/, '');
}

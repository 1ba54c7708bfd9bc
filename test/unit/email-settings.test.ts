import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { emailSettings } from '../../src/sinks/email/settings.ts';

describe('the settings of e-mail', () => {
  it('are off without a URL, from the host, with a minute for an answer', () => {
    expect(emailSettings.parse(undefined)).toEqual({ from: `alert-hub@${hostname()}`, timeout: 60_000 });
  });

  it.each(['smtp://mail', 'smtp://mail:25?tls=none', 'smtp://[::1]:25?tls=opportunistic', 'smtps://mail:465/'])(
    'take %s',
    (url) => {
      expect(emailSettings.parse({ url }).url).toBe(url);
    },
  );

  it.each([
    ...['mail:25', 'http://mail', 'smtp://', 'smtp://user:secret@mail', 'smtp://mail/path', 'smtp://mail?tls=maybe'],
    ...['smtp://mail?tls=none&x=1', 'smtps://mail?tls=none', ''],
  ])('refuse the URL "%s"', (url) => {
    expect(emailSettings.safeParse({ url }).success).toBe(false);
  });

  it.each([
    ['30s', 30_000],
    ['1500', 1_500],
    [250, 250],
  ])('read the timeout %s', (timeout, expected) => {
    expect(emailSettings.parse({ timeout }).timeout).toBe(expected);
  });

  it.each([0, -1, '11m', 'soon', ''])('refuse the timeout %s', (timeout) => {
    expect(emailSettings.safeParse({ timeout }).success).toBe(false);
  });

  it.each(['nobody', 'a@b\r\nBcc: c@d', 'a@b, c@d', '<a@b', 'a b@c'])('refuse the sender %j', (from) => {
    expect(emailSettings.safeParse({ from }).success).toBe(false);
  });

  it('refuse what they do not know', () => {
    expect(emailSettings.safeParse({ ulr: 'smtp://mail' }).success).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { withoutPassword } from '../../src/sinks/email/without-password.ts';

const login = { user: 'hub', password: 'pass word' };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('withoutPassword', () => {
  it.each([
    ['as it is', '535 no pass word', '535 no [password]'],
    ['as AUTH PLAIN writes it', `500 AUTH PLAIN ${base64('\0hub\0pass word')}?`, '500 AUTH PLAIN [password]=?'],
    ['as AUTH LOGIN writes it', `500 ${base64('pass word')} what`, '500 [password] what'],
  ])('takes it out %s', (_, reply, cleaned) => {
    expect(withoutPassword(reply, login)).toBe(cleaned);
  });

  it('leaves a reply alone when the password is none, or no more than a word', () => {
    expect(withoutPassword('535 the mail server', { password: 'mail' })).toBe('535 the mail server');
    expect(withoutPassword('535 no', {})).toBe('535 no');
  });
});

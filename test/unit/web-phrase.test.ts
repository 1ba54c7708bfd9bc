import { expect, it } from 'vitest';
import { fill } from '../../web/texts/phrase.ts';

it('fills the places of a sentence, and reads no place in a value', () => {
  expect(fill('Mail to {to}, {others} more', { to: '{others}', others: '4' })).toEqual([
    { text: 'Mail to ', isValue: false },
    { text: '{others}', isValue: true },
    { text: ', ', isValue: false },
    { text: '4', isValue: true },
    { text: ' more', isValue: false },
  ]);
});

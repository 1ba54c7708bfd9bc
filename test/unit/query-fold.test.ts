import { describe, expect, it } from 'vitest';
import { fold } from '../../src/pipeline/query/fold.ts';

describe('fold', () => {
  it.each([
    ['ASCII', 'Link DOWN', 'link down'],
    ['Latin', 'ÀÉÎÕÜ', 'àéîõü'],
    ['Cyrillic', 'МОСКВА', 'москва'],
    ['sharp s and its capitals', 'Straße', 'STRASSE'],
    ['capital sharp s', 'STRAẞE', 'strasse'],
    ['final sigma', 'ΟΔΟΣ', 'οδος'],
    ['letters that share a capital', 'Maſt K', 'mast k'],
    ['dotless i by its capital', 'DISKI', 'dıskı'],
    ['one accent in two encodings', 'caf\u00e9', 'CAFE\u0301'],
    ['a ligature', 'ﬁle', 'FILE'],
  ])('makes no difference of %s', (_, left, right) => {
    expect(fold(left)).toBe(fold(right));
  });

  it.each([
    ['e', 'é'],
    ['e', 'e\u0301'],
    ['i', 'İ'],
    ['n', 'ñ'],
    ['o', 'ø'],
    ['1', '①'],
    ['a', 'ａ'],
  ])('keeps %s and %s apart', (left, right) => {
    expect(fold(left)).not.toBe(fold(right));
  });

  it('folds a sigma alike wherever it stands, so that a text is found inside a longer one', () => {
    expect(fold('ΟΔΟΣΑ').startsWith(fold('ΟΔΟΣ'))).toBe(true);
  });

  it('keeps U+0000 and what is behind it', () => {
    expect(fold('A\0B')).toBe('a\0b');
  });
});

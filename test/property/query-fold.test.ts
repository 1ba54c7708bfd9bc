import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/pipeline/query/fold.ts';

/** Letters, digits and signs of many scripts, one code point each. */
const letters = fc.string({ unit: fc.constantFrom(...Array.from('aZ5ßẞſKİıIéÉñΣσςΆάЖжԱևǅﬁİ温\0😀')) });

describe('fold', () => {
  it('changes nothing the second time, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('makes a text, its capitals and its small letters the same', () => {
    fc.assert(
      fc.property(letters, (text) => {
        expect(fold(text.toUpperCase())).toBe(fold(text));
        expect(fold(text.toLowerCase())).toBe(fold(text));
      }),
      { numRuns: 1_000 },
    );
  });
});

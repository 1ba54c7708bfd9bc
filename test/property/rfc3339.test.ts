import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstInstant, lastInstant, parseRfc3339 } from '../../src/pipeline/rfc3339.ts';

const instant = fc.integer({ min: firstInstant, max: lastInstant });

function two(number: number): string {
  return String(number).padStart(2, '0');
}

describe('parseRfc3339', () => {
  it('reads back whatever Date.toISOString writes', () => {
    fc.assert(
      fc.property(instant, (at) => {
        expect(parseRfc3339(new Date(at).toISOString())).toBe(at);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads the same instant in every zone, with any number of digits behind the second', () => {
    const zone = fc.record({ sign: fc.constantFrom(1, -1), hours: fc.nat(23), minutes: fc.nat(59) });
    const digits = fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), maxLength: 20 });
    const between = fc.constantFrom('T', 't', ' ');
    fc.assert(
      fc.property(instant, zone, digits, between, (at, { sign, hours, minutes }, more, separator) => {
        const local = at + sign * (hours * 60 + minutes) * 60_000;
        fc.pre(local >= firstInstant && local <= lastInstant);
        const written = new Date(local).toISOString().replace('T', separator).slice(0, -1);
        expect(parseRfc3339(`${written}${more}${sign > 0 ? '+' : '-'}${two(hours)}:${two(minutes)}`)).toBe(at);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads nothing but what is an instant', () => {
    const sign = fc.constantFrom(...Array.from('0123456789T:-+.Zz '));
    const damage = fc.record({ at: fc.nat(28), removed: fc.nat(2), added: fc.array(sign, { maxLength: 2 }) });
    let read = 0;
    fc.assert(
      fc.property(instant, fc.array(damage, { minLength: 1, maxLength: 2 }), (at, damages) => {
        const signs = Array.from(new Date(at).toISOString());
        for (const { at: place, removed, added } of damages) signs.splice(place, removed, ...added);
        const text = signs.join('');
        const result = parseRfc3339(text);
        if (result === undefined) return;
        read += 1;
        // Date reads small t and z, and a space, only in other formats.
        const [date, time] = [text.slice(0, 10), text.slice(11).toUpperCase()];
        expect(result).toBe(Date.parse(`${date}T${time}`));
      }),
      { numRuns: 5_000 },
    );
    expect(read).toBeGreaterThan(100);
  });
});

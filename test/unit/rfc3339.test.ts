import { describe, expect, it } from 'vitest';
import { parseRfc3339 } from '../../src/pipeline/rfc3339.ts';

describe('parseRfc3339', () => {
  it.each([
    ['2026-01-31T23:59:59Z', '2026-01-31T23:59:59.000Z'],
    ['2026-01-31t23:59:59z', '2026-01-31T23:59:59.000Z'],
    ['2026-01-31 23:59:59Z', '2026-01-31T23:59:59.000Z'],
    ['2026-01-31T23:59:59+02:30', '2026-01-31T21:29:59.000Z'],
    ['2026-01-31T23:59:59-02:30', '2026-02-01T02:29:59.000Z'],
    ['2026-01-31T23:59:59-00:00', '2026-01-31T23:59:59.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['0099-03-01T00:00:00Z', '0099-03-01T00:00:00.000Z'],
    ['0000-12-31T23:30:00-01:00', '0001-01-01T00:30:00.000Z'],
  ])('reads %s', (text, iso) => {
    expect(new Date(parseRfc3339(text) ?? Number.NaN).toISOString()).toBe(iso);
  });

  it.each([
    ['.5Z', 500],
    ['.05Z', 50],
    ['.123Z', 123],
    ['.9999999999Z', 999],
    ['.7+00:00', 700],
    ['.12-00:00', 120],
  ])('cuts the fraction %s to milliseconds', (rest, milliseconds) => {
    expect(parseRfc3339(`1970-01-01T00:00:00${rest}`)).toBe(milliseconds);
  });

  it('cuts the fraction towards the past before 1970 too', () => {
    expect(parseRfc3339('1969-12-31T23:59:59.9999Z')).toBe(-1);
  });

  it.each([
    ['no zone', '2026-01-31T23:59:59'],
    ['a date alone', '2026-01-31'],
    ['30 February', '2024-02-30T00:00:00Z'],
    ['29 February of a common year', '2026-02-29T00:00:00Z'],
    ['29 February of a century', '1900-02-29T00:00:00Z'],
    ['31 April', '2026-04-31T00:00:00Z'],
    ['day 0', '2026-01-00T00:00:00Z'],
    ['month 13', '2026-13-01T00:00:00Z'],
    ['hour 24', '2026-01-31T24:00:00Z'],
    ['second 60', '2016-12-31T23:59:60Z'],
    ['a zone of 24 hours', '2026-01-31T00:00:00+24:00'],
    ['a zone of 60 minutes', '2026-01-31T00:00:00+00:60'],
    ['a zone without a colon', '2026-01-31T00:00:00+0200'],
    ['an empty fraction', '2026-01-31T00:00:00.Z'],
    ['a comma', '2026-01-31T00:00:00,5Z'],
    ['the year 0', '0000-12-31T23:59:59Z'],
    ['the year 0 by its zone', '0001-01-01T00:00:00+00:01'],
    ['the year 10000 by its zone', '9999-12-31T23:59:59-00:01'],
    ['text behind it', '2026-01-31T00:00:00Z\n'],
    ['text before it', ' 2026-01-31T00:00:00Z'],
    ['other digits', '２026-01-31T00:00:00Z'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(parseRfc3339(text)).toBeUndefined();
  });
});

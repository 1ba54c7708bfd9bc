import { describe, expect, it } from 'vitest';
import { draftOf, draftText, refusalOf } from '../support/drafts.ts';

/** The time that a draft is taken to have, in ISO 8601, and what of it is left in `data`. */
function timeOf(fields: object): { time: string | null; data: unknown } {
  const { time, data } = draftOf(draftText(fields));
  return { time: time === null ? null : new Date(time).toISOString(), data };
}

describe('the time of a draft', () => {
  it.each([
    ['RFC 3339 in UTC', '2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['RFC 3339 with an offset', '2026-03-01T12:00:00+02:00', '2026-03-01T10:00:00.000Z'],
    ['RFC 3339 with more digits than milliseconds', '2026-03-01T12:00:00.123456Z', '2026-03-01T12:00:00.123Z'],
    ['milliseconds', 1_772_366_400_123, '2026-03-01T12:00:00.123Z'],
    ['seconds', 1_772_366_400, '2026-03-01T12:00:00.000Z'],
    ['seconds with a fraction', 1_772_366_400.25, '2026-03-01T12:00:00.250Z'],
    ['zero', 0, '1970-01-01T00:00:00.000Z'],
    ['the last number that counts seconds', 99_999_999_999, '5138-11-16T09:46:39.000Z'],
    ['the first number that counts milliseconds', 100_000_000_000, '1973-03-03T09:46:40.000Z'],
    ['the last instant that can be written', 253_402_300_799_999, '9999-12-31T23:59:59.999Z'],
  ])('is read from %s', (_, time, iso) => {
    expect(timeOf({ time })).toEqual({ time: iso, data: null });
  });

  it.each([
    ['a number in a string', '1772366400'],
    ['no zone', '2026-03-01T12:00:00'],
    ['a date alone', '2026-03-01'],
    ['a date that does not exist', '2024-02-30T00:00:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['the year 0', '0000-01-01T00:00:00Z'],
    ['the year 275761', '+275761-01-01T00:00:00Z'],
    ['text', 'yesterday'],
    ['nothing', ''],
    ['a negative number', -1],
    ['a number past the year 9999', 253_402_300_800_000],
    ['true', true],
    ['an array', [1_772_366_400]],
    ['an object', { seconds: 1_772_366_400 }],
  ])('is refused: %s', (_, time) => {
    expect(refusalOf(draftText({ time }))).toMatchObject({
      code: 'invalid_event',
      error: expect.stringMatching(/^time: must be RFC 3339 with a zone, or .+ since 1970; got /) as string,
    });
  });
});

describe('another name of the time', () => {
  it.each(['ts', 'timestamp', 'created_at'])('%s is used up when time is missing', (name) => {
    const iso = '2026-03-01T12:00:00.000Z';
    expect(timeOf({ [name]: 1_772_366_400 })).toEqual({ time: iso, data: null });
    expect(timeOf({ [name]: iso, time: null })).toEqual({ time: iso, data: null });
  });

  it.each(['ts', 'timestamp', 'created_at'])('%s stays in data when time is there', (name) => {
    expect(timeOf({ [name]: 5, time: 1_772_366_400 })).toEqual({
      time: '2026-03-01T12:00:00.000Z',
      data: { [name]: 5 },
    });
  });

  it.each(['ts', 'timestamp', 'created_at'])('%s stays in data when it does not parse', (name) => {
    for (const value of ['soon', '1772366400', -1, null, true, [], {}]) {
      expect(timeOf({ [name]: value })).toEqual({ time: null, data: { [name]: value } });
    }
  });

  it('is read in the order ts, timestamp, created_at, and the others stay', () => {
    const given = { created_at: 30, timestamp: 20, ts: 10 };
    expect(timeOf(given)).toEqual({ time: '1970-01-01T00:00:10.000Z', data: { created_at: 30, timestamp: 20 } });
    const unreadable = { created_at: 30, timestamp: 20, ts: 'x' };
    expect(timeOf(unreadable)).toEqual({ time: '1970-01-01T00:00:20.000Z', data: { created_at: 30, ts: 'x' } });
  });

  it('does not stand in for a time that is wrong', () => {
    expect(refusalOf(draftText({ time: 'x', ts: 10 })).error).toMatch(/^time: /);
  });
});

import { describe, expect, it } from 'vitest';
import { parseInstant, parseSpan } from '../../src/pipeline/span.ts';

describe('parseSpan', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['1w', 604_800_000],
  ])('reads %s', (text, span) => {
    expect(parseSpan(text)).toBe(span);
  });

  it.each([
    '',
    '2',
    'h',
    '0s',
    '-2h',
    '+2h',
    '2.5h',
    '2 h',
    '2H',
    '2h30m',
    '2y',
    ' 2h',
    '2h\n',
    '99999999999999999w',
    '1e3s',
  ])('refuses %j', (text) => {
    expect(parseSpan(text)).toBeUndefined();
  });
});

describe('parseInstant', () => {
  const now = Date.parse('2026-01-02T00:00:00Z');

  it('counts a span back from now', () => {
    expect(parseInstant('2h', now)).toBe(now - 7_200_000);
  });

  it('reads RFC 3339 whatever the time is', () => {
    expect(parseInstant('2030-01-02T00:00:00Z', now)).toBe(Date.parse('2030-01-02T00:00:00Z'));
  });

  it.each(['yesterday', '', '2026-01-01', '200000w'])('refuses %j', (text) => {
    expect(parseInstant(text, now)).toBeUndefined();
  });
});

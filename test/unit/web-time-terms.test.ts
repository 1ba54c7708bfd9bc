import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../src/pipeline/query/parse.ts';
import { stretchOf, withoutTime, withTime } from '../../web/query/time-terms.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const at = (clock: string) => Date.parse(`2026-03-01T${clock}Z`);

describe('the time terms of a query', () => {
  it.each([
    ['link down', null, null],
    ['time>=2026-03-01T10:00:00Z time<2026-03-01T11:00:00Z', at('10:00:00'), at('11:00:00')],
    ['since:2h until:30m', at('10:00:00'), at('11:30:00')],
    ['time>2026-03-01T10:00:00Z time<=2026-03-01T11:00:00Z', at('10:00:00.001'), at('11:00:00.001')],
    ['TIME>="2026-03-01 11:00:00+01:00"', at('10:00:00'), null],
    ['since:2h since:1h until:10m until:30m', at('11:00:00'), at('11:30:00')],
    ['-since:2h NOT until:1h', null, null],
    ['since:2h OR since:1h', null, null],
    ['(since:2h OR key:a) until:1h', null, at('11:00:00')],
    ['since:nonsense "since:2h"', null, null],
  ])('leave of %j the stretch that all of them allow', (query, from, to) => {
    expect(stretchOf(query, now)).toEqual({ from, to });
  });

  it('are taken out without touching the others', () => {
    expect(withoutTime('a since:2h "until:1h" time<2026-03-01T11:00:00Z -b')).toBe('a "until:1h" -b');
    expect(withoutTime('a OR since:2h')).toBe('a OR since:2h');
  });

  it('are replaced by a stretch that reads back as itself', () => {
    const query = withTime('a OR b', at('10:00:00'), at('10:00:30.500'));
    expect(query).toBe('(a OR b) time>=2026-03-01T10:00:00Z time<2026-03-01T10:00:30.500Z');
    expect(() => parseQuery(query, now)).not.toThrow();
    const narrower = withTime(query, at('10:00:10'), at('10:00:20'));
    expect(stretchOf(narrower, now)).toEqual({ from: at('10:00:10'), to: at('10:00:20') });
    expect(withoutTime(narrower)).toBe('(a OR b)');
  });
});

import { describe, expect, it } from 'vitest';
import { fixSpans } from '../../src/client/filter.ts';
import { parseInstant } from '../../src/pipeline/span.ts';

const now = Date.UTC(2025, 5, 1);

describe('fixSpans', () => {
  it.each(['500ms', '30s', '15m', '2h', '7d', '1w'])('turns %s into the moment that the hub takes it for', (since) => {
    const fixed = fixSpans({ since }, now).since;
    expect(fixed).toBe(new Date(parseInstant(since, now)!).toISOString());
  });

  it('fixes the end as well, and leaves everything else', () => {
    expect(fixSpans({ q: 'since:2h', until: '1h', since: '2025-01-01T00:00:00Z' }, now)).toEqual({
      q: 'since:2h',
      until: '2025-05-31T23:00:00.000Z',
      since: '2025-01-01T00:00:00Z',
    });
  });

  it.each(['', 'yesterday', '15', '15 m', '-1h', '99999999999d', '999999999w'])(
    'leaves %j for the hub to refuse',
    (since) => {
      expect(fixSpans({ since }, now)).toEqual({ since });
    },
  );
});

import { describe, expect, it } from 'vitest';
import { RefusedError, type Code } from '../../src/pipeline/codes.ts';
import {
  compileFilter,
  filterFieldNames,
  filterKey,
  matchAll,
  readFilter,
  type FilterFields,
} from '../../src/pipeline/filter.ts';
import type { RecordLike } from '../../src/pipeline/query/evaluate.ts';

const now = Date.parse('2026-01-02T00:00:00Z');

const event: RecordLike = {
  position: 42,
  type: 'event',
  receivedAt: '2026-01-01T23:00:01.000Z',
  time: '2026-01-01T23:00:00.000Z',
  source: 'sw-1',
  severity: 'error',
  message: 'link down',
  channel: 'tcp',
  key: 'disk',
};
const decision: RecordLike = {
  position: 43,
  type: 'alert.opened',
  receivedAt: '2026-01-01T23:00:02.000Z',
  key: 'disk',
};

function lets(fields: FilterFields, record: RecordLike): boolean {
  return compileFilter(readFilter(fields, now))(record);
}

function refusal(fields: FilterFields): [Code, string] {
  try {
    readFilter(fields, now);
  } catch (error) {
    if (error instanceof RefusedError) return [error.code, error.message];
    throw error;
  }
  throw new Error('the fields were read');
}

describe('readFilter', () => {
  it('lets all events through, and nothing else, when no field is given', () => {
    expect(readFilter({}, now)).toEqual({ types: ['event'], query: { kind: 'all' } });
    expect(lets({}, event)).toBe(true);
    expect(lets({}, decision)).toBe(false);
  });

  it.each<FilterFields>([
    { q: 'link severity>=error' },
    { severity: 'info,ERROR' },
    { severity: 'err' },
    { source: 'sw-1' },
    { source: 'a,sw-1,b' },
    { channel: 'ws,tcp' },
    { key: 'disk' },
    { since: '1h' },
    { since: '2026-01-01T23:00:00Z' },
    { until: '59m' },
    { type: '*' },
    { type: 'alert.opened,event' },
    {
      q: 'down',
      source: 'sw-1',
      severity: 'error',
      key: 'disk',
      channel: 'tcp',
      since: '2h',
      until: '1m',
      type: 'event',
    },
  ])('lets the event through by %j', (fields) => {
    expect(lets(fields, event)).toBe(true);
  });

  it.each<FilterFields>([
    { q: 'up' },
    { severity: 'info,critical' },
    { source: 'SW-1' },
    { source: 'sw-*' },
    { channel: 'TCP' },
    { key: 'raid' },
    { since: '59m' },
    { until: '1h' },
    { until: '2026-01-01T23:00:00Z' },
    { type: 'alert.opened' },
    { q: 'link', source: 'sw-2' },
  ])('holds the event back by %j', (fields) => {
    expect(lets(fields, event)).toBe(false);
  });

  it('lets a decision through by its type and by the fields that it has', () => {
    expect(lets({ type: 'alert.opened' }, decision)).toBe(true);
    expect(lets({ type: '*', key: 'disk' }, decision)).toBe(true);
    expect(lets({ type: '*', source: 'sw-1' }, decision)).toBe(false);
  });

  it('fixes a span when it reads it', () => {
    expect(readFilter({ since: '1h' }, now)).toEqual(readFilter({ since: '2026-01-01T23:00:00Z' }, now + 1));
  });

  it.each<[FilterFields, Code, string]>([
    [
      { severity: 'error,loud' },
      'invalid_request',
      'severity: must be a comma list of info, warning, error, critical; got "loud"',
    ],
    [{ severity: '' }, 'invalid_request', 'severity: must be a comma list of info, warning, error, critical; got ""'],
    [{ source: 'a,,b' }, 'invalid_request', 'source: must be a comma list of values, none of them empty; got "a,,b"'],
    [{ key: '' }, 'invalid_request', 'key: must be a comma list of values, none of them empty; got ""'],
    [{ type: '' }, 'invalid_request', 'type: must be * or a comma list of record types; got ""'],
    [{ type: 'alert.*' }, 'invalid_request', 'type: must be * or a comma list of record types; got "alert.*"'],
    [
      { since: 'yesterday' },
      'invalid_request',
      'since: must be RFC 3339 with a zone, or a span before now such as 15m, 2h or 7d; got "yesterday"',
    ],
    [{ until: '2026-01-01' }, 'invalid_request', 'until: must be RFC 3339 with a zone'],
    [{ q: 'severity:loud' }, 'invalid_query', 'at column 10'],
  ])('refuses %j', (fields, code, message) => {
    expect(refusal(fields)).toEqual([code, expect.stringContaining(message)]);
  });
});

describe('filterKey', () => {
  it('is the same for the same filter, however its lists are ordered', () => {
    const left = filterKey(readFilter({ source: 'a,b', severity: 'error,info', type: 'event,alert.opened' }, now));
    const right = filterKey(readFilter({ source: 'b,a,a', severity: 'info,err', type: 'alert.opened,event' }, now));
    expect(left).toBe(right);
  });

  it('tells different filters apart', () => {
    const filters: FilterFields[] = [
      {},
      { type: '*' },
      { source: 'a' },
      { channel: 'a' },
      { q: 'a' },
      { since: '1h' },
      { until: '1h' },
    ];
    expect(new Set(filters.map((fields) => filterKey(readFilter(fields, now)))).size).toBe(filters.length);
  });

  it('stays the same when the filter has been posted as JSON', () => {
    const filter = readFilter({ q: 'severity>=error -label.a:b', source: 'a', since: '1h' }, now);
    expect(filterKey(JSON.parse(JSON.stringify(filter)) as typeof filter)).toBe(filterKey(filter));
  });
});

describe('matchAll', () => {
  it('lets every record through', () => {
    expect([event, decision].map(compileFilter(matchAll))).toEqual([true, true]);
  });
});

describe('filterFieldNames', () => {
  it('names every field that the filter reads', () => {
    expect([...filterFieldNames].sort()).toEqual([
      'channel',
      'key',
      'q',
      'severity',
      'since',
      'source',
      'type',
      'until',
    ]);
  });
});

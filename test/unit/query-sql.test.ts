import { DummyDriver, Kysely, SqliteAdapter, SqliteQueryCompiler } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFilter, type FilterFields } from '../../src/pipeline/filter.ts';
import type { RecordLike } from '../../src/pipeline/query/evaluate.ts';
import { filterSql } from '../../src/sinks/sqlite/query-sql.ts';
import type { LogTables } from '../../src/sinks/sqlite/tables.ts';
import { RecordsInSql } from '../support/query-records.ts';

const now = Date.parse('2026-01-02T00:00:00Z');

function event(position: number, fields: Partial<RecordLike>): RecordLike {
  return {
    ...{ position, type: 'event', id: `e${String(position)}`, time: '2026-01-01T23:00:00.000Z' },
    ...{ receivedAt: '2026-01-01T23:00:01.000Z', source: 'sw-1', severity: 'info', message: 'up', channel: 'tcp' },
    ...{ key: 'sw-1', status: 'firing', ...fields },
  };
}

const records: readonly RecordLike[] = [
  event(1, { message: 'Straße \0 geflutet', severity: 'critical' }),
  event(2, { labels: { 'a\0b': 'x' }, data: { 'a\0b': 5 } }),
  event(3, { labels: { a: 'x', 'a"b\\c': 'y' }, data: { a: 5, '': { '[0]': 'z' } } }),
  event(4, { source: 'a\0b' }),
  {
    position: 5,
    type: 'alert.opened',
    receivedAt: '2026-01-01T23:30:00.000Z',
    time: '2026-01-01T23:30:00.000Z',
    key: 'disk',
    severity: 'error',
  },
  event(6, { source: 'straße-ς' }),
  { position: 7, type: 'note', receivedAt: '2026-01-01T22:00:00.000Z', key: { disk: 1 } },
];

describe('filterSql', () => {
  const table = new RecordsInSql();
  beforeAll(() => table.hold(records, false));
  afterAll(() => table.close());

  it.each<[FilterFields, number[]]>([
    [{}, [1, 2, 3, 4, 6]],
    [{ type: '*' }, [1, 2, 3, 4, 5, 6, 7]],
    [{ severity: 'critical' }, [1]],
    [{ q: 'message:*strasse*GEFLUTET' }, [1]],
    [{ q: '-strasse' }, [2, 3, 4]],
    [{ source: 'a\0b' }, [4]],
    [{ source: 'a' }, []],
    [{ q: 'source:STRASSE-*' }, [6]],
    [{ type: '*', key: '{"disk":1}' }, []],
    [{ q: '-label.a:x' }, [1, 2, 4, 6]],
    [{ q: 'label."a\0b":x' }, [2]],
    [{ q: 'label."a\\"b\\\\c":y' }, [3]],
    [{ q: 'data.a>=5' }, [3]],
    [{ q: 'data."a\0b":5' }, [2]],
    [{ q: 'data."".[0]:Z' }, [3]],
    [{ q: 'position>1 position<=3' }, [2, 3]],
    [{ since: '31m' }, []],
    [{ since: '31m', type: '*' }, [5]],
    [{ type: '*', key: 'disk', severity: 'error' }, [5]],
    [{ type: '*', q: '-message:*' }, [5, 7]],
    [{ q: 'severity>critical' }, []],
  ])('lets through by %j the records %j', (fields, positions) => {
    expect(table.positions(readFilter(fields, now))).toEqual(positions);
  });

  it('takes the longest rows of terms, and the deepest nesting', () => {
    const row = Array.from({ length: 1_024 }, () => 'u').join(' ');
    const alternatives = Array.from({ length: 340 }, () => 'q').join(' OR ');
    const nested = `${'-(a OR '.repeat(32)}up${')'.repeat(32)}`;
    expect(table.positions(readFilter({ q: row }, now))).toEqual([1, 2, 3, 4, 6]);
    expect(table.positions(readFilter({ q: alternatives }, now))).toEqual([]);
    expect(table.positions(readFilter({ q: nested }, now))).toBeInstanceOf(Array);
  });

  it('passes every value as a parameter, so that filters alike have the same text', () => {
    const dialect = {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: () => {
        throw new Error('nothing to look at');
      },
      createQueryCompiler: () => new SqliteQueryCompiler(),
    };
    const sqlFor = new Kysely<LogTables>({ dialect });
    const textOf = (fields: FilterFields): string =>
      sqlFor
        .selectFrom('records')
        .selectAll()
        .where(filterSql(readFilter(fields, now)))
        .compile().sql;
    const left = {
      q: `up label.a:"' OR 1=1 --" data.b>=1 position>1 -key:k`,
      severity: 'info',
      source: 'a',
      since: '1h',
    };
    const right = { q: 'down label.c:d data.e>=2 position>2 -key:l', severity: 'error', source: 'b', since: '2h' };
    expect(textOf(left)).toBe(textOf(right));
  });
});

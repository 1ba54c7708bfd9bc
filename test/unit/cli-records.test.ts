import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isColoured, localTime, recordLine, type Look } from '../../src/cli/event-line.ts';
import { recordTable } from '../../src/cli/event-table.ts';
import type { RecordValue } from '../../src/pipeline/record.ts';
import { anEvent } from '../support/fake-socket.ts';

const look: Look = { isColoured: false, now: Date.UTC(2025, 0, 1, 12) };
const decision = {
  position: 3,
  type: 'notification.sent',
  time: '2025-01-01T00:00:03.000Z',
  receivedAt: '2025-01-01T00:00:03.000Z',
  reason: 'because \u001b[2J',
} as unknown as RecordValue;

let zone: string | undefined;
beforeEach(() => {
  zone = process.env['TZ'];
  process.env['TZ'] = 'UTC';
});
afterEach(() => {
  process.env['TZ'] = zone;
});

describe('recordLine', () => {
  it.each([
    ['info', '○'],
    ['warning', '▲'],
    ['error', '■'],
    ['critical', '◆'],
  ] as const)('gives %s its own shape', (severity, glyph) => {
    expect(recordLine(anEvent(7, { severity, message: 'm' }), look)).toBe(`00:00:07 ${glyph} sensor_01 m`);
  });

  it('names the key when it says more than the source, and what is resolved', () => {
    const event = anEvent(7, { key: 'uplink', status: 'resolved', message: 'm' });
    expect(recordLine(event, look)).toBe('00:00:07 ○ sensor_01 [uplink] resolved m');
  });

  it('is one line, of which nothing is obeyed', () => {
    const evil = '\u001b[31m\n';
    const line = recordLine(anEvent(7, { message: evil, source: evil, key: `${evil}2` }), look);
    expect(line).toBe('00:00:07 ○ \\e[31m\\n [\\e[31m\\n2] \\e[31m\\n');
  });

  it('is coloured only where that was asked for', () => {
    expect(recordLine(anEvent(7), { ...look, isColoured: true })).toContain('\u001b[');
    expect(recordLine(anEvent(7), look)).not.toContain('\u001b[');
  });

  it('shows a decision by its type and its fields', () => {
    expect(recordLine(decision, look)).toBe(
      '00:00:03 · notification.sent {"position":3,"reason":"because \\u001b[2J"}',
    );
  });
});

describe('localTime', () => {
  it('is of the reader, with the date when that is another day', () => {
    process.env['TZ'] = 'America/New_York';
    expect(localTime('2025-01-01T03:04:05.678Z', Date.UTC(2025, 0, 1, 4))).toBe('22:04:05');
    expect(localTime('2025-01-01T03:04:05.678Z', Date.UTC(2025, 0, 1, 6))).toBe('2024-12-31 22:04:05');
  });
});

describe('isColoured', () => {
  const yes = (): boolean => true;
  const no = (): boolean => false;

  it.each([
    [{ isTTY: true, hasColors: yes }, true],
    [{ isTTY: true, hasColors: no }, false],
    [{ isTTY: false, hasColors: yes }, false],
  ])('asks the terminal (%#)', (stream, expected) => {
    expect(isColoured(stream)).toBe(expected);
  });
});

describe('recordTable', () => {
  it('lines the columns up under their names', () => {
    const records = [
      anEvent(10, { message: 'm' }),
      anEvent(9, { source: 'a', key: 'k', severity: 'critical', message: 'n' }),
    ];
    expect(recordTable(records, { ...look, columns: undefined }, true).split('\n')).toEqual([
      'POSITION  TIME      SEV         SOURCE     KEY  MESSAGE',
      '10        00:00:10  ○ info      sensor_01       m',
      '9         00:00:09  ◆ critical  a          k    n',
    ]);
  });

  it('cuts what does not fit into a terminal, and counts wide characters as two', () => {
    const table = recordTable([anEvent(1, { message: '漢'.repeat(100) })], { ...look, columns: 120 }, false);
    expect(table.split('\n')).toHaveLength(1);
    expect(table).toContain('漢'.repeat(10));
    expect(table).toContain('…');
    expect(table.length).toBeLessThan(120);
  });

  it('has the same columns for every page on a terminal', () => {
    const page = (source: string) =>
      recordTable([anEvent(1, { source, key: source, message: 'm' })], { ...look, columns: 120 }, false);
    expect(page('a').indexOf('m')).toBe(page('b'.repeat(18)).indexOf('m'));
  });

  it('is obeyed in nothing', () => {
    const table = recordTable(
      [anEvent(1, { message: '\u001b[2J\n' }), decision],
      { ...look, columns: undefined },
      false,
    );
    expect(table).not.toContain('\u001b');
    expect(table.split('\n')).toHaveLength(2);
  });
});

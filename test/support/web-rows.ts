import type { Row } from '../../web/state/row.ts';

/** A row of the page's table at this position; what is not given is an ordinary info. */
export function aRow(position: number, fields: Partial<Row> = {}): Row {
  return {
    position,
    time: '2026-01-01T00:00:00.000Z',
    at: 0,
    source: 'sensor_01',
    severity: 'info',
    message: `message ${String(position)}`,
    channel: 'tcp',
    key: 'sensor_01',
    isResolved: false,
    arrivedAt: 0,
    ...fields,
  };
}

/** The rows from one position to another, oldest first. */
export function rowsBetween(first: number, last: number): Row[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => aRow(first + index));
}

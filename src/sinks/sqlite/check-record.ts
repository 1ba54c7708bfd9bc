import { severities } from '../../pipeline/event.ts';
import type { RecordValue } from '../../pipeline/record.ts';
import { checkRow, DamageError } from './damage.ts';
import type { RecordsTable } from './tables.ts';

type CopiedColumns = Omit<RecordsTable, 'position' | 'given' | 'record' | 'checksum'>;

/** Throws when the row is not what was written: its text, its place, or the columns that are copies of what the text says. */
export function checkRecord(row: RecordsTable): void {
  checkRow(row);
  for (const [name, value] of Object.entries(columnsOf(JSON.parse(row.record) as RecordValue))) {
    if (row[name as keyof CopiedColumns] !== value) {
      throw new DamageError(row.position, `its column ${name} is not what its text says`);
    }
  }
}

function columnsOf(value: RecordValue): CopiedColumns {
  const [time, received_at] = [Date.parse(value.time), Date.parse(value.receivedAt)];
  if (value.type === 'event') {
    const { type, id, source, severity, channel, key } = value;
    return { type, id, source, severity: severities.indexOf(severity), time, received_at, channel, key };
  }
  const key = 'key' in value ? value.key : null;
  return { type: value.type, id: null, source: null, severity: null, time, received_at, channel: null, key };
}

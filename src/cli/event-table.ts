import Table from 'cli-table3';
import type { RecordValue } from '../pipeline/record.ts';
import { detailsOf, glyphOf, localTime, type Look } from './event-line.ts';
import { plainText } from './plain-text.ts';

const head = ['POSITION', 'TIME', 'SEV', 'SOURCE', 'KEY', 'MESSAGE'];
/** Of the columns before the message; a time with its date has 19 characters. */
const widths = [10, 21, 11, 22, 22];
const leastMessageWidth = 20;

export interface TableLook extends Look {
  /** Of the terminal; undefined where lines may be of any length. */
  readonly columns: number | undefined;
}

/** Records as a table without borders. On a terminal every table has the same columns, whatever is in it, so that the
 *  pages of a long result stand below each other. */
export function recordTable(records: readonly RecordValue[], look: TableLook, withHead: boolean): string {
  const table = new Table({
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
    ...(withHead ? { head } : {}),
    ...(look.columns === undefined ? {} : { colWidths: [...widths, messageWidth(look.columns)] }),
  });
  for (const record of records) table.push(cells(record, look));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function cells(record: RecordValue, look: Look): string[] {
  const time = localTime(record.time, look.now);
  if (record.type !== 'event') {
    return [plainText(String(record.position)), time, '·', plainText(record.type), '', detailsOf(record)];
  }
  const { position, severity, source, key, message } = record;
  const about = key === source ? '' : plainText(key);
  return [
    plainText(String(position)),
    time,
    `${glyphOf(severity, look)} ${plainText(severity)}`,
    plainText(source),
    about,
    plainText(message),
  ];
}

function messageWidth(columns: number): number {
  const taken = widths.reduce((sum, width) => sum + width, 0);
  return Math.max(leastMessageWidth, columns - taken);
}

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};

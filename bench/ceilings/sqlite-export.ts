import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openForReading } from '../../src/sinks/sqlite/log-file.ts';

export interface SqliteExport {
  /** Data directory of a hub that has stopped. */
  readonly dataDir: string;
  readonly events: number;
  /** Each line is made of the row by `JSON.stringify`, or is the event's text as it lies in the row. */
  readonly lines: 'stringified' | 'stored';
}

interface Row {
  readonly position: number;
  readonly record: string;
}

const chunkLength = 65_536;

/** What better-sqlite3 alone can do: to whoever asks, for whatever, it sends the beginning of a log as NDJSON, iterating over
 *  the rows. Resolves once its port is open; it ends with its process. */
export function run({ dataDir, events, lines }: SqliteExport): Promise<{ readonly port: number }> {
  const db = openForReading(dataDir);
  const select = db.prepare<[number], Row>(
    'SELECT position, record FROM records WHERE position <= ? ORDER BY position',
  );
  const lineOf = lines === 'stringified' ? (row: Row) => JSON.stringify(row) : (row: Row) => row.record;
  const server = createServer((_, response) => {
    void pipeline(Readable.from(chunksOf(select.iterate(events), lineOf)), response);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ port: (server.address() as AddressInfo).port });
    });
  });
}

function* chunksOf(rows: Iterable<Row>, lineOf: (row: Row) => string): Generator<string> {
  let text = '';
  for (const row of rows) {
    text += `${lineOf(row)}\n`;
    if (text.length < chunkLength) continue;
    yield text;
    text = '';
  }
  yield text;
}

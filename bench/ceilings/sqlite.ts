import { warmUpShare } from '../load/tally.ts';
import { openForReading, openForWriting } from '../../src/sinks/sqlite/log-file.ts';

export interface SqliteCeiling {
  /** Data directory of a hub that has stopped: its rows are inserted again. */
  readonly rowsOf: string;
  /** Where the log to insert into is made. */
  readonly dataDir: string;
  readonly rowsPerTransaction: number;
  readonly warmUpSeconds: number;
}

export interface SqliteCeilingResult {
  readonly rows: number;
  readonly perSecond: number;
  readonly cpuSecondsPerMillion: number;
}

/** What better-sqlite3 alone can do: the rows of a hub's log, bound as they lie in memory, into a new log that the hub's
 *  own code has made, with `synchronous=FULL`, in large transactions. That no id of a source comes twice is seen to by a
 *  unique index, as anyone would who did not count the bytes that it writes. */
export async function run(ceiling: SqliteCeiling): Promise<SqliteCeilingResult> {
  const rows = await Promise.resolve(readRows(ceiling.rowsOf));
  const db = openForWriting(ceiling.dataDir);
  try {
    db.exec('CREATE UNIQUE INDEX records_id ON records (id, source)');
    const places = (rows[0] ?? []).map(() => '?').join(', ');
    const insert = db.prepare(`INSERT INTO records VALUES (${places})`);
    const insertAll = db.transaction((first: number, end: number) => {
      for (let index = first; index < end; index += 1) insert.run(rows[index]);
    });
    const warmUntil = performance.now() + ceiling.warmUpSeconds * 1000;
    let counted: { at: number; rows: number; cpu: NodeJS.CpuUsage } | null = null;
    for (let first = 0; first < rows.length; first += ceiling.rowsPerTransaction) {
      const now = performance.now();
      const isWarm = now >= warmUntil || first >= rows.length * warmUpShare;
      if (isWarm) counted ??= { at: now, rows: first, cpu: process.cpuUsage() };
      insertAll.immediate(first, Math.min(rows.length, first + ceiling.rowsPerTransaction));
    }
    if (counted === null) throw new Error(`too little to measure: ${String(rows.length)} rows`);
    const count = rows.length - counted.rows;
    const { user, system } = process.cpuUsage(counted.cpu);
    return {
      rows: db.prepare('SELECT count(*) FROM records').pluck().get() as number,
      perSecond: count / ((performance.now() - counted.at) / 1000),
      cpuSecondsPerMillion: (user + system) / count,
    };
  } finally {
    db.close();
  }
}

function readRows(dataDir: string): unknown[][] {
  const db = openForReading(dataDir);
  try {
    return db.prepare('SELECT * FROM records ORDER BY position').raw().all() as unknown[][];
  } finally {
    db.close();
  }
}

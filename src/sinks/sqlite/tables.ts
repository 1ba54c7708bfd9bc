/** The log's file as kysely sees it. */
export interface LogTables {
  records: RecordsTable;
  batches: BatchesTable;
  redactions: RedactionsTable;
  checkpoints: { consumer: string; state: string };
  log: LogTable;
}

export interface RecordsTable {
  position: number;
  type: string;
  id: string | null;
  source: string | null;
  /** Index into `severities`; null for what is not an event. */
  severity: number | null;
  /** Milliseconds since 1970. */
  time: number | null;
  received_at: number;
  channel: string | null;
  key: string | null;
  /** Bits of {@link given}. */
  given: number;
  /** The record's JSON text as every reader gets it; the columns before it are copies of its fields, to search by. */
  record: string;
  /** See `recordChecksum`. */
  checksum: number;
}

/** One row a commit. */
export interface BatchesTable {
  first_position: number;
  last_position: number;
  /** SHA-256 over the chain of the batch before and this batch's checksums, four bytes each, big-endian. */
  chain: Uint8Array;
}

/** Records whose content was blanked. */
export interface RedactionsTable {
  position: number;
  /** The record's checksum before, which the chain value of its batch was made from. */
  checksum: number;
}

/** One row. */
export interface LogTable {
  epoch: string;
  created_at: number;
}

/** What the producer said itself, where a default would look the same. */
export const given = { status: 1, time: 2, id: 4 } as const;

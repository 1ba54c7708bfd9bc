import type Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';
import type { RecordedDecision, RecordValue } from '../../pipeline/record.ts';
import { withoutContent } from '../../pipeline/redaction.ts';
import { recordChecksum } from './batch-chain.ts';
import { checkRow, type CheckedRow } from './damage.ts';
import { giveBackPages } from './free-pages.ts';
import { emptyWal } from './wal-bound.ts';

/** Carries out what an `event.redacted` says, within the transaction that records it: blanks the event and the decisions
 *  that quote it. Each keeps its place, and its checksum before is kept for the chain. */
export function carryOut(db: Database.Database, decision: string): void {
  const { events, key } = JSON.parse(decision) as Extract<RecordedDecision, { type: 'event.redacted' }>;
  for (const position of events) {
    for (const row of rowsQuoting(db, position, key)) blank(db, row, withoutContentOf(row, position));
    blankKept(db, position);
  }
}

function withoutContentOf(row: CheckedRow, position: Position): string {
  checkRow(row);
  return JSON.stringify(withoutContent(JSON.parse(row.record) as RecordValue, position));
}

/** The event, unless retention has removed it, and the decisions about its key since. */
function* rowsQuoting(db: Database.Database, position: Position, key: string): Generator<CheckedRow, void, void> {
  const columns = 'position, record, checksum';
  const event = db.prepare<[number], CheckedRow>(`SELECT ${columns} FROM records WHERE position = ?`).get(position);
  if (event !== undefined) yield event;
  const decisions = db.prepare<[number, string, number], CheckedRow>(
    `SELECT ${columns} FROM records WHERE type <> 'event' AND position > ? AND key = ? AND type = 'notification.queued'
       AND record ->> '$.headline.position' = ?`,
  );
  yield* decisions.all(position, key, position);
}

/** What retention has put aside for mails that were not sent yet. */
function blankKept(db: Database.Database, position: Position): void {
  const kept = db
    .prepare<[number], CheckedRow>('SELECT position, record, checksum FROM kept_records WHERE position = ?')
    .get(position);
  if (kept === undefined) return;
  const record = withoutContentOf(kept, position);
  const blanked = db.prepare('UPDATE kept_records SET record = ?, checksum = ? WHERE position = ?');
  blanked.run(record, recordChecksum(record), position);
}

function blank(db: Database.Database, { position, record, checksum }: CheckedRow, blanked: string): void {
  if (blanked === record) return;
  db.prepare('INSERT INTO redactions (position, checksum) VALUES (?, ?) ON CONFLICT DO NOTHING').run(
    position,
    checksum,
  );
  db.prepare('UPDATE records SET record = ?, checksum = ? WHERE position = ?').run(
    blanked,
    recordChecksum(blanked),
    position,
  );
}

/** Takes a step towards a file, and a WAL, in which nothing is left of what was overwritten or deleted. Returns whether that
 *  is reached. Does not wait for readers. */
export function eraseLeftovers(db: Database.Database): boolean {
  const { given, left } = giveBackPages(db, 0);
  return (given === 0 || left === 0) && emptyWal(db, 0);
}

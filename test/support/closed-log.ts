import Database from 'better-sqlite3';
import { join } from 'node:path';

/** What a data directory that no hub holds has in its log, read without the hub's own code. */
export interface ClosedLog {
  /** What `quick_check` says. */
  readonly check: string;
  readonly positions: Float64Array;
  /** Position by event id, of one source. */
  readonly byId: ReadonlyMap<string, number>;
  /** Ids, of that source, that are there more than once. */
  readonly doubles: readonly string[];
}

export function readClosedLog(dataDir: string, source: string): ClosedLog {
  const db = new Database(join(dataDir, 'hub.db'));
  try {
    const check = db.pragma('quick_check', { simple: true }) as string;
    const positions = new Float64Array(db.prepare('SELECT count(*) FROM records').pluck().get() as number);
    const byId = new Map<string, number>();
    const doubles: string[] = [];
    let at = 0;
    // Not by the index on ids, which might hide what it does not know: in the order of the table itself.
    const rows = db.prepare('SELECT position, id, source FROM records NOT INDEXED ORDER BY position').raw();
    for (const [position, id, from] of rows.iterate() as IterableIterator<[number, string | null, string | null]>) {
      positions[at++] = position;
      if (from !== source || id === null) continue;
      if (byId.has(id)) doubles.push(id);
      byId.set(id, position);
    }
    return { check, positions, byId, doubles };
  } finally {
    db.close();
  }
}

/** The places at which positions are not 1, 2, 3, … */
export function gapsIn(positions: Float64Array): readonly string[] {
  const gaps: string[] = [];
  positions.forEach((position, at) => {
    if (position !== at + 1) gaps.push(`place ${at + 1} has position ${position}`);
  });
  return gaps;
}

import type Database from 'better-sqlite3';
import type { Position } from '../../pipeline/event.ts';
import { DamageError } from './damage.ts';

/** What the index of ids keeps of itself. */
export interface IdIndexRow {
  /** Of the keys, see `idKeys`. */
  readonly seed: Uint8Array;
  /** The last position up to which the tables know all ids. */
  readonly through: Position;
  /** Which half of the small table fills; 0 in a log that an older program has written. */
  readonly half: number;
}

/** Throws a {@link DamageError} where it is not as it was written. */
export function readIdIndexRow(db: Database.Database): IdIndexRow {
  const row = db.prepare('SELECT * FROM id_index').get() as Readonly<Record<string, unknown>> | undefined;
  const { seed, through, half = 0 } = row ?? {};
  const isWhole =
    seed instanceof Uint8Array && seed.length === 8 && Number.isSafeInteger(through) && (half === 0 || half === 1);
  if (!isWhole) throw new DamageError(null, 'the row of the index of ids is not what was written');
  return { seed, through: through as Position, half };
}

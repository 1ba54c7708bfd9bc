import { goneText, RefusedError } from '../pipeline/codes.ts';
import type { Position } from '../pipeline/event.ts';

/** Where the log stands, as answers and checks need it. */
export interface LogBounds {
  readonly epoch: string;
  readonly head: Position;
  readonly first: Position;
}

/** Throws `wrong_epoch` when a cursor is of another log. */
export function checkEpoch(epoch: string | undefined, log: LogBounds): void {
  if (epoch === undefined || epoch === log.epoch) return;
  throw new RefusedError(
    'wrong_epoch',
    `epoch: this log is ${log.epoch}, the cursor is of ${JSON.stringify(epoch.slice(0, 64))}; begin anew`,
  );
}

/** Throws `invalid_request` for a cursor above the head and `gone` for one whose next record is no longer kept. */
export function checkAfter(after: Position, log: LogBounds): void {
  if (after > log.head) {
    throw new RefusedError(
      'invalid_request',
      `after: must be at most the head, ${String(log.head)}; got ${String(after)}`,
    );
  }
  if (after > 0 && after < log.first - 1) throw gone(after + 1, log);
}

export function gone(position: Position, log: LogBounds): RefusedError {
  return new RefusedError('gone', goneText(position, log.first));
}

import type { DiskLevel } from '../../pipeline/log-condition.ts';
import type { DiskSpace } from './log-protocol.ts';

const mebibyte = 1024 * 1024;
/** Room for a checkpoint, the decisions about mails on their way, and SQLite's own files. */
const mostStopBytes = 64 * mebibyte;
/** Time enough for a person to act on an ordinary day. */
const mostWarnBytes = 1024 * mebibyte;
/** More must be free for a warning to end than to begin, or it would come and go. */
const calm = 1.25;

/** The level of the disk, that was at `before`. On a small disk the limits are shares of it. */
export function diskLevel({ free, total }: Pick<DiskSpace, 'free' | 'total'>, before: DiskLevel): DiskLevel {
  if (free < stopBelow(total)) return 'full';
  const warnBelow = Math.min(mostWarnBytes, total / 4);
  return free < (before === 'enough' ? warnBelow : warnBelow * calm) ? 'low' : 'enough';
}

/** With less, in bytes, no events are taken. */
export function stopBelow(total: number): number {
  return Math.min(mostStopBytes, total / 8);
}

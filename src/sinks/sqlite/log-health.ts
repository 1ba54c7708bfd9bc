import { inMebibytes } from '../../pipeline/byte-text.ts';
import type { DiskLevel, LogCondition, LogState } from '../../pipeline/log-condition.ts';
import { diskLevel, stopBelow } from './disk-level.ts';
import type { DiskSpace } from './log-protocol.ts';
import type { Failure } from './prepared-batch.ts';
import type { AppendAnswer, ProbeAnswer } from './writer-thread.ts';

/** What is known of the log's health, from the writer's answers and from those who read. */
export class LogHealth {
  #failure: Failure | null = null;
  #damage: Failure | null = null;
  #disk: DiskSpace;
  #level: DiskLevel;

  constructor(disk: DiskSpace) {
    this.#disk = disk;
    this.#level = diskLevel(disk, 'enough');
  }

  get condition(): LogCondition {
    const trouble = this.#damage ?? this.#failure ?? this.noRoom;
    const { free, wal, checkpointsBusy } = this.#disk;
    return {
      state: this.#state,
      trouble: trouble?.error ?? null,
      disk: { free, level: this.#level },
      walBytes: wal,
      checkpointsBusy,
    };
  }

  get #state(): LogState {
    if (this.#damage !== null) return 'damaged';
    const trouble = this.#failure ?? this.noRoom;
    if (trouble === null) return 'ok';
    return trouble.code === 'storage_full' ? 'full' : 'failing';
  }

  /** Why nothing may be written until a person has looked. */
  get damage(): Failure | null {
    return this.#damage;
  }

  /** Why what producers send may not be written until there is room. */
  get noRoom(): Failure | null {
    if (this.#level !== 'full') return null;
    const { free, total } = this.#disk;
    const error = `the disk is nearly full: ${inMebibytes(free)} are free and ${inMebibytes(stopBelow(total))} must be; free some space`;
    return { code: 'storage_full', error };
  }

  take(answer: AppendAnswer | ProbeAnswer): void {
    if (answer.kind === 'damaged') {
      this.takeDamage(answer.error);
    } else if (answer.kind === 'failed') {
      this.#failure = { code: answer.code, error: answer.error };
    } else {
      this.#failure = null;
      this.#disk = answer.disk;
      this.#level = diskLevel(answer.disk, this.#level);
    }
  }

  /** The first one counts: it stays until the hub is started on a log that is whole. */
  takeDamage(reason: string): void {
    const remedy = 'nothing more is recorded; see `alert-hub verify`, and restore a backup';
    this.#damage ??= { code: 'unavailable', error: `${reason}; ${remedy}` };
  }
}

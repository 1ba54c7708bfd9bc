import { hubChannel, hubEvent } from './alerting/hub-events.ts';
import { inMebibytes } from './byte-text.ts';
import type { Severity } from './event.ts';
import type { AppendItem, EventLog } from './event-log.ts';
import type { ConditionedLog, DiskLevel, LogCondition } from './log-condition.ts';

const lookMs = 1_000;
/** Under which the log keeps the level that was told last. */
const consumer = 'disk';

export interface LogWatchOptions {
  readonly log: ConditionedLog & Pick<EventLog, 'loadCheckpoint' | 'saveCheckpoint'>;
  /** Appends to the log; rejects when it cannot. */
  readonly append: (items: readonly AppendItem[]) => Promise<void>;
  /** Told when trouble begins, with its reason, and when it has ended, with null. */
  readonly report: (trouble: string | null) => void;
  /** Told of what is no trouble yet. */
  readonly warn: (message: string) => void;
}

/** Eight times what the log lets it grow to, in bytes: somebody outside of the hub reads the file without an end. */
const hugeWal = 256 * 1024 * 1024;

/** Looks every second how the log is: reports trouble once, and has the log itself say when the disk gets full, as an event
 *  that people are told of like any other. */
export class LogWatch {
  readonly #options: LogWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  /** Whether there was trouble, whatever its words: the free space in them changes all the time. */
  #isInTrouble = false;
  #toldLevel: DiskLevel = 'enough';
  #isTelling = false;
  #isWalHuge = false;

  constructor(options: LogWatchOptions) {
    this.#options = options;
  }

  /** Why the hub cannot do its work; empty when it can. */
  get troubles(): readonly string[] {
    const { trouble } = this.#options.log.condition;
    return trouble === null ? [] : [trouble];
  }

  /** A level that was told before the hub was started again is not told twice, and its end is told. */
  async start(): Promise<void> {
    const told = await this.#options.log.loadCheckpoint(consumer).catch(() => null);
    if (told !== null && told in words) this.#toldLevel = told as DiskLevel;
    this.#look();
    this.#timer = setInterval(() => {
      this.#look();
    }, lookMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { trouble, disk, walBytes } = this.#options.log.condition;
    if ((trouble !== null) !== this.#isInTrouble) {
      this.#isInTrouble = trouble !== null;
      this.#options.report(trouble);
    }
    if (disk.level !== this.#toldLevel) void this.#tell(disk);
    if (walBytes > hugeWal && !this.#isWalHuge) {
      this.#options.warn(
        `hub.db-wal has grown to ${inMebibytes(walBytes)}: end the program that reads hub.db all the time`,
      );
    }
    this.#isWalHuge = walBytes > hugeWal;
  }

  /** Again at the next look if the log cannot take it: that is trouble of its own, and reported. */
  async #tell({ free, level }: LogCondition['disk']): Promise<void> {
    if (this.#isTelling) return;
    this.#isTelling = true;
    const { severity, text } = words[level];
    const message = `${text}: ${inMebibytes(free)} are free`;
    try {
      await this.#options.append([{ draft: hubEvent('disk', severity, message), channel: hubChannel }]);
      this.#toldLevel = level;
      await this.#options.log.saveCheckpoint(consumer, level);
    } catch {
      // See above. A level that could not be kept is told again after a restart, and that is all.
    } finally {
      this.#isTelling = false;
    }
  }
}

const words: Readonly<Record<DiskLevel, { readonly severity: Severity; readonly text: string }>> = {
  enough: { severity: 'info', text: 'the disk of the log has room again' },
  low: { severity: 'warning', text: 'the disk of the log is getting full; free some space' },
  full: { severity: 'critical', text: 'the disk of the log is full, and no events are taken; free some space' },
};

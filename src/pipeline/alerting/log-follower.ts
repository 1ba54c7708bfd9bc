import { setTimeout as delay } from 'node:timers/promises';
import type { Position } from '../event.ts';
import type { EventLog } from '../event-log.ts';
import { matchAll } from '../filter.ts';
import { parseRecord, type LogRecord, type RecordValue } from '../record.ts';

const pageRecords = 5_000;
const pageBytes = 4 * 1024 * 1024;
/** A hub that starts waits no longer for what was recorded since the last checkpoint to be folded. */
const startMs = 1_000;

/** Gives `fold` every record after `position` once, in order: those that are handed to it as they are recorded, and from the
 *  log those that were not, because it was not there or because a commit was in doubt that had taken place. */
export class LogFollower {
  readonly #log: Pick<EventLog, 'read'>;
  readonly #fold: (value: RecordValue) => void;
  #position: Position;
  /** The last record that there is, as far as is known. */
  #head: Position;
  #catchingUp: Promise<void> | null = null;

  constructor(log: Pick<EventLog, 'read'>, position: Position, fold: (value: RecordValue) => void) {
    this.#log = log;
    this.#position = position;
    this.#head = position;
    this.#fold = fold;
  }

  /** Whether there are records that were not folded yet. */
  get isBehind(): boolean {
    return this.#position < this.#head;
  }

  /** Whether the records were folded; if not, they follow some that are missing, see `catchUp`. */
  take(records: readonly LogRecord[]): boolean {
    const first = records[0]?.value.position ?? this.#position + 1;
    const isNext = !this.isBehind && first === this.#position + 1;
    this.#head = Math.max(this.#head, records.at(-1)?.value.position ?? 0);
    if (isNext) for (const { value } of records) this.#advance(value);
    return isNext;
  }

  /** Reads from the log what is missing, up to `head` and to what is recorded meanwhile. */
  catchUp(head: Position = this.#head): Promise<void> {
    this.#head = Math.max(this.#head, head);
    this.#catchingUp ??= this.#readOn().finally(() => (this.#catchingUp = null));
    return this.#catchingUp;
  }

  /** The same for the start of a hub, which does not wait for long: resolves with false when it is still under way. Where the
   *  log cannot be read, with true. */
  begin(head: Position): Promise<boolean> {
    const read = this.catchUp(head).then(
      () => true,
      () => true,
    );
    return Promise.race([read, delay(startMs, false, { ref: false })]);
  }

  async #readOn(): Promise<void> {
    while (this.isBehind) {
      const page = await this.#log.read({
        after: this.#position,
        before: this.#head + 1,
        order: 'asc',
        filter: matchAll,
        limit: pageRecords,
        maxBytes: pageBytes,
      });
      for (const record of page.records) this.#advance(parseRecord(record));
      // Records that retention has removed are passed over.
      this.#position = page.through;
    }
  }

  #advance(value: RecordValue): void {
    this.#fold(value);
    this.#position = value.position;
  }
}

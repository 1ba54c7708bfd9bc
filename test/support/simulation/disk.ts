import type { EventDraft } from '../../../src/pipeline/event.ts';
import type { AppendItem, Appended, EventLog, ReadPage, ReadRequest } from '../../../src/pipeline/event-log.ts';
import type { Outcome } from '../../../src/pipeline/outcome.ts';
import type { StoredRecord } from '../../../src/pipeline/record.ts';
import { appendedOf, prepareBatch } from '../../../src/sinks/sqlite/prepared-batch.ts';
import { idConflict } from '../../../src/sinks/sqlite/log-protocol.ts';

interface Kept extends StoredRecord {
  readonly id: string;
}

/** What outlives the hub: records that were synced, and records that were only written. */
export class SimulatedDisk {
  readonly synced: Kept[] = [];
  written: Kept[] = [];
  readonly #positions = new Map<string, number>();

  get head(): number {
    return this.synced.length + this.written.length;
  }

  positionOf(id: string): number | undefined {
    return this.#positions.get(id);
  }

  at(position: number): Kept | undefined {
    return this.synced[position - 1] ?? this.written[position - 1 - this.synced.length];
  }

  write(records: readonly Kept[]): void {
    for (const record of records) this.#positions.set(record.id, record.position);
    this.written.push(...records);
  }

  sync(): void {
    this.synced.push(...this.written.splice(0));
  }

  /** The power goes: of what was only written, some transactions may be there all the same, each whole. */
  cutPower(keeps: boolean): void {
    if (keeps) this.sync();
    for (const { id } of this.written.splice(0)) this.#positions.delete(id);
  }
}

/** How a disk misbehaves: chances between 0 and 1. */
export interface DiskFaults {
  unavailable: number;
  inDoubt: number;
  unreadable: number;
  /** Of a commit or a read. */
  longestMs: number;
}

/** The log's port over a simulated disk. It is slow, fails, and is left in the middle of things when it crashes: what was
 *  asked of it then is never answered. */
export class SimulatedLog implements EventLog {
  readonly epoch = 'simulated';
  readonly first = 1;
  readonly #disk: SimulatedDisk;
  readonly #faults: DiskFaults;
  readonly #random: () => number;
  #isCrashed = false;
  #lastAppended: Promise<unknown> = Promise.resolve();

  constructor(disk: SimulatedDisk, faults: DiskFaults, random: () => number) {
    this.#disk = disk;
    this.#faults = faults;
    this.#random = random;
  }

  get head(): number {
    return this.#disk.head;
  }

  /** Takes batches one after the other, as a writer does. */
  append(items: readonly AppendItem[]): Promise<Appended> {
    const appended = this.#lastAppended.then(() => this.#append(items));
    this.#lastAppended = appended;
    return appended;
  }

  async read(request: ReadRequest): Promise<ReadPage> {
    await this.#delay();
    if (this.#random() < this.#faults.unreadable) throw new Error('the simulated disk cannot be read');
    const records: StoredRecord[] = [];
    const last = Math.min(request.before - 1, this.#disk.head);
    for (let position = request.after + 1; position <= last && records.length < request.limit; position += 1) {
      const record = this.#disk.at(position);
      if (record !== undefined) records.push(record);
    }
    const through = records.at(-1)?.position ?? request.after;
    return { records, through, isComplete: through >= request.before - 1 };
  }

  saveCheckpoint(): Promise<void> {
    return Promise.resolve();
  }

  loadCheckpoint(): Promise<null> {
    return Promise.resolve(null);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  crash(): void {
    this.#isCrashed = true;
  }

  async #append(items: readonly AppendItem[]): Promise<Appended> {
    await this.#delay();
    if (this.#random() < this.#faults.unavailable) return allFailed(items, 'unavailable');
    const verdicts = this.#verdicts(items);
    const appended = appendedOf(prepareBatch(items, Date.now()), verdicts);
    const written = appended.records.map(({ value, json }) => {
      return { id: 'id' in value ? value.id : '', position: value.position, json };
    });
    if (this.#random() < this.#faults.inDoubt) {
      if (this.#random() < 0.5) this.#disk.write(written);
      return allFailed(items, 'in_doubt');
    }
    this.#disk.write(written);
    await this.#delay();
    this.#disk.sync();
    return appended;
  }

  #verdicts(items: readonly AppendItem[]): Float64Array {
    const taken = new Map<string, number>();
    let position = this.#disk.head;
    const verdictOf = ({ id }: EventDraft): number => {
      const known = this.#disk.positionOf(id) ?? taken.get(id);
      if (known !== undefined) return -known;
      taken.set(id, ++position);
      return position;
    };
    return Float64Array.from(items, (item) => ('draft' in item ? verdictOf(item.draft) : idConflict));
  }

  /** Some time; for ever, when there is a crash meanwhile. */
  #delay(): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(() => {
        if (!this.#isCrashed) resolve();
      }, this.#random() * this.#faults.longestMs);
    });
  }
}

function allFailed(items: readonly AppendItem[], code: 'unavailable' | 'in_doubt'): Appended {
  const outcomes = items.map((item): Outcome => {
    return { kind: 'failed', code, error: 'simulated', id: 'draft' in item ? item.draft.id : '' };
  });
  return { outcomes, records: [] };
}

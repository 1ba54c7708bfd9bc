import type { EventDraft, Position } from '../../src/pipeline/event.ts';
import type { AppendItem, Appended, EventLog, ReadPage, ReadRequest } from '../../src/pipeline/event-log.ts';
import { compileFilter } from '../../src/pipeline/filter.ts';
import type { LogRecord, StoredRecord } from '../../src/pipeline/record.ts';
import { appendedOf, prepareBatch } from '../../src/sinks/sqlite/prepared-batch.ts';

/** A draft with this source and message, and every default. */
export function aDraft(fields: Partial<EventDraft> & { readonly id: string }): EventDraft {
  const defaults = {
    time: null,
    severity: 'info',
    message: 'm',
    status: 'firing',
    statusGiven: false,
    idGiven: true,
  } as const;
  const source = fields.source ?? 'unknown';
  return { ...defaults, source, key: source, labels: null, data: null, ...fields };
}

/** A log in memory whose reads wait until the test lets them be answered. Knows no duplicates. */
export class MemoryLog implements EventLog {
  readonly epoch = 'e1';
  /** Moved by the test, as retention does. */
  first = 1;
  readonly records: LogRecord[] = [];
  #reads: (() => void)[] = [];

  get head(): Position {
    return this.records.length;
  }

  async append(items: readonly AppendItem[]): Promise<Appended> {
    return this.appendNow(items);
  }

  appendNow(items: readonly AppendItem[]): Appended {
    const verdicts = Float64Array.from(items, (_, index) => this.head + 1 + index);
    const appended = appendedOf(prepareBatch(items, 0), verdicts);
    this.records.push(...appended.records);
    return appended;
  }

  read(request: ReadRequest): Promise<ReadPage> {
    return new Promise((resolve) => {
      this.#reads.push(() => {
        resolve(this.#page(request));
      });
    });
  }

  /** Answers the reads that wait, oldest first, at most `count` of them, and lets their readers go on. */
  async answerReads(count = Infinity): Promise<void> {
    for (const answer of this.#reads.splice(0, Math.min(count, this.#reads.length))) answer();
    await new Promise(setImmediate);
  }

  get waitingReads(): number {
    return this.#reads.length;
  }

  async saveCheckpoint(): Promise<void> {
    throw new Error('a log in memory keeps no checkpoints');
  }

  async loadCheckpoint(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {
    await this.answerReads();
  }

  #page({ after, before, order, filter, limit, maxBytes }: ReadRequest): ReadPage {
    const matches = compileFilter(filter);
    const range = this.records.filter(({ value }) => value.position > after && value.position < before);
    const found: StoredRecord[] = [];
    let room = maxBytes;
    for (const { value, json } of order === 'asc' ? range : range.toReversed()) {
      if (!matches(value)) continue;
      found.push({ position: value.position, json });
      room -= json.length;
      if (found.length >= limit || room <= 0) return { records: found, through: value.position, isComplete: false };
    }
    const through = order === 'asc' ? Math.max(after, before - 1) : Math.min(before, after + 1);
    return { records: found, through, isComplete: true };
  }
}

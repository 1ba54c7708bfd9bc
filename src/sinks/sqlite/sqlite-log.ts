import type { Position } from '../../pipeline/event.ts';
import { hubChannel } from '../../pipeline/alerting/hub-events.ts';
import type { ErasableLog } from '../../pipeline/alerting/redact-event.ts';
import type { AppendItem, Appended, EventLog, ReadPage, ReadRequest } from '../../pipeline/event-log.ts';
import type { ConditionedLog, LogCondition } from '../../pipeline/log-condition.ts';
import type { LogRecord } from '../../pipeline/record.ts';
import type { StoredRecord } from '../../pipeline/record.ts';
import type { RemovableLog, RetentionLimits } from '../../pipeline/retention.ts';
import type { CountRequest, EventCounter, Histogram } from '../../pipeline/statistics.ts';
import { BackgroundCheck } from './background-check.ts';
import { LogHealth } from './log-health.ts';
import { appendedOf, failed, prepareBatch, type Failure, type PreparedBatch } from './prepared-batch.ts';
import { ReaderPool } from './reader-pool.ts';
import { WriterThread, type AppendAnswer, type ProbeAnswer } from './writer-thread.ts';

type FailedAnswer = Extract<AppendAnswer, { kind: 'failed' }>;

/** How often it is looked whether the log can be written. */
const probeMs = 1_000;

export interface SqliteLogOptions {
  readonly dataDir: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** Threads that read history. */
  readonly readers?: number;
  /** Told once of each failure that does not show in the log's condition for long. */
  readonly reportFailure?: (error: Error) => void;
}

/** Opens the log of a data directory, creating it if there is none. Throws, with a message for people, when another hub
 *  holds it, a newer program has written it, or it cannot be opened. */
export async function openSqliteLog(
  options: SqliteLogOptions,
): Promise<EventLog & EventCounter & ConditionedLog & ErasableLog & RemovableLog> {
  return new SqliteLog(await WriterThread.start(options.dataDir), options);
}

/** The log in SQLite, seen from the thread of the sockets: the writer and the readers live in threads of their own. */
class SqliteLog implements EventLog, EventCounter, ConditionedLog, ErasableLog, RemovableLog {
  readonly epoch: string;
  readonly #options: SqliteLogOptions;
  readonly #writer: WriterThread;
  readonly #readers: ReaderPool;
  readonly #health: LogHealth;
  readonly #check: BackgroundCheck;
  readonly #probes: NodeJS.Timeout;
  #probing: Promise<ProbeAnswer> | null = null;
  /** Of batches in doubt; told with the next batch, if it turns out that the log has them. */
  #doubtful: readonly LogRecord[] = [];
  #first: Position;
  #head: Position;
  #lastReceivedAt: number;

  constructor(writer: WriterThread, options: SqliteLogOptions) {
    const { epoch, first, head, lastReceivedAt, disk, damage } = writer.opened;
    this.epoch = epoch;
    this.#first = first;
    this.#head = head;
    this.#lastReceivedAt = lastReceivedAt;
    this.#options = options;
    this.#writer = writer;
    this.#health = new LogHealth(disk);
    const onDamage = (reason: string) => {
      this.#health.takeDamage(reason);
    };
    if (damage !== null) onDamage(damage);
    writer.onDamage = onDamage;
    this.#readers = new ReaderPool(options.dataDir, options.readers ?? 2, onDamage);
    this.#check = new BackgroundCheck(options.dataDir, onDamage);
    this.#check.start();
    this.#probes = setInterval(() => void this.#probe(), probeMs).unref();
  }

  get first(): Position {
    return this.#first;
  }

  get head(): Position {
    return this.#head;
  }

  get condition(): LogCondition {
    return this.#health.condition;
  }

  async append(items: readonly AppendItem[]): Promise<Appended> {
    const { damage, noRoom } = this.#health;
    if (damage !== null) return failedAll(items, damage);
    if (noRoom === null || items.every(isHubs)) return this.#append(items);
    const own = items.filter(isHubs);
    const { outcomes, records } = own.length === 0 ? { outcomes: [], records: [] } : await this.#append(own);
    const outcomeOf = new Map(own.map((item, index) => [item, outcomes[index]]));
    return { outcomes: items.map((item) => outcomeOf.get(item) ?? failed(item, noRoom)), records };
  }

  async read(request: ReadRequest): Promise<ReadPage> {
    const { page, first } = await this.#readers.read(request);
    // The writer's answer may still be on its way, and the page have a hole already.
    this.#first = Math.max(this.#first, first);
    return page;
  }

  count(request: CountRequest): Promise<Histogram> {
    return this.#readers.count(request);
  }

  async saveCheckpoint(consumer: string, state: string): Promise<void> {
    this.#requireWhole();
    await this.#writer.save(consumer, state);
  }

  loadCheckpoint(consumer: string): Promise<string | null> {
    return this.#writer.load(consumer);
  }

  async eraseLeftovers(): Promise<boolean> {
    this.#requireWhole();
    return this.#writer.erase();
  }

  /** Nothing of a damaged log has expired: what is wrong with it must still be there to be looked at. */
  async findExpired(limits: RetentionLimits, most: number): Promise<Position | null> {
    if (this.#health.damage !== null) return null;
    return this.#readers.findExpired(limits, most);
  }

  async remove(through: Position, keep: readonly Position[]): Promise<Position> {
    this.#requireWhole();
    const removed = await this.#writer.remove(through, keep);
    this.#first = Math.max(this.#first, removed + 1);
    return removed;
  }

  async keepOnly(positions: readonly Position[]): Promise<number> {
    this.#requireWhole();
    return this.#writer.keepOnly(positions);
  }

  readKept(positions: readonly Position[]): Promise<readonly StoredRecord[]> {
    return this.#readers.readKept(positions);
  }

  async giveBackSpace(): Promise<boolean> {
    this.#requireWhole();
    return this.#writer.giveBackSpace();
  }

  async close(): Promise<void> {
    clearInterval(this.#probes);
    await this.#check.stop();
    await this.#readers.close();
    await this.#writer.close();
  }

  /** Throws when the log is damaged: then it is only read. */
  #requireWhole(): void {
    if (this.#health.damage !== null) throw new Error(this.#health.damage.error);
  }

  async #append(items: readonly AppendItem[]): Promise<Appended> {
    // The clock may be set back; the log's order may not.
    this.#lastReceivedAt = Math.max(this.#lastReceivedAt, (this.#options.clock ?? Date.now)());
    const prepared = prepareBatch(items, this.#lastReceivedAt);
    const answer = await this.#writer.append(prepared);
    this.#health.take(answer);
    if (answer.kind === 'damaged') return failedAll(items, this.#health.damage ?? { code: 'unavailable', ...answer });
    if (answer.kind === 'failed')
      return { ...failedAll(items, answer), records: await this.#takeFailure(prepared, answer) };
    const { outcomes, records } = appendedOf(prepared, answer.verdicts);
    this.#head = answer.head;
    const found = this.#takeDoubtful(records[0]?.value.position ?? answer.head + 1);
    return { outcomes, records: [...found, ...records] };
  }

  /** Returns what of a batch in doubt is recorded. */
  async #takeFailure(batch: PreparedBatch, { code, error, verdicts }: FailedAnswer): Promise<readonly LogRecord[]> {
    if (code !== 'in_doubt') return [];
    this.#options.reportFailure?.(new Error(error));
    this.#check.start();
    const { records: doubtful } = appendedOf(batch, verdicts ?? new Float64Array());
    if (doubtful[0] !== undefined) {
      this.#doubtful = [...this.#takeDoubtful(doubtful[0].value.position), ...doubtful];
    }
    return this.#findDoubtful();
  }

  /** What is in the log after all, on the disk by now: consumers must learn of it, since its producers, when they send it
   *  again, are answered that it is there. */
  async #findDoubtful(): Promise<readonly LogRecord[]> {
    const probed = await this.#probe();
    if (probed.kind !== 'probed') return [];
    this.#head = probed.head;
    return this.#takeDoubtful(probed.head + 1);
  }

  /** The records in doubt, if the log has them, which is known by what its next position is. */
  #takeDoubtful(next: Position): readonly LogRecord[] {
    const doubtful = this.#doubtful;
    this.#doubtful = [];
    return (doubtful.at(-1)?.value.position ?? next) < next ? doubtful : [];
  }

  #probe(): Promise<ProbeAnswer> {
    this.#probing ??= this.#writer.probe().then((answer) => {
      this.#probing = null;
      this.#health.take(answer);
      return answer;
    });
    return this.#probing;
  }
}

/** What the hub has to say for itself goes in even when there is little room left. */
function isHubs(item: AppendItem): boolean {
  return 'decision' in item || item.channel === hubChannel;
}

function failedAll(items: readonly AppendItem[], failure: Failure): Appended {
  return { outcomes: items.map((item) => failed(item, failure)), records: [] };
}

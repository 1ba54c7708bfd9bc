import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Subject } from 'rxjs';
import { createRedactEvent } from '../../src/pipeline/alerting/redact-event.ts';
import { RefusedError, type Code } from '../../src/pipeline/codes.ts';
import type { AppendItem } from '../../src/pipeline/event-log.ts';
import { matchAll } from '../../src/pipeline/filter.ts';
import type { Outcome } from '../../src/pipeline/outcome.ts';
import type { LogRecord, RecordValue } from '../../src/pipeline/record.ts';
import { Retention, type RetentionSettings } from '../../src/pipeline/retention.ts';
import type { FrameFormat } from '../../src/pipeline/subscriptions.ts';
import { readSubscribeFrame } from '../../src/server/subscribe-request.ts';
import { Broadcast } from '../../src/sinks/broadcast/broadcast.ts';
import { backUpLog } from '../../src/sinks/sqlite/log-backup.ts';
import { restoreLog } from '../../src/sinks/sqlite/log-restore.ts';
import { openSqliteLog } from '../../src/sinks/sqlite/sqlite-log.ts';
import { readFrame } from './frame-reader.ts';
import { ScriptedOutlet, Topics } from './scripted-outlet.ts';

type SqliteLog = Awaited<ReturnType<typeof openSqliteLog>>;

/** Somebody who subscribed, by whatever kind of connection, and resumes where it was when that breaks. */
export class LogReader {
  readonly format: FrameFormat;
  /** Of the log that it began with. */
  readonly epoch: string;
  readonly received: number[] = [];
  /** The position before the first that is due to it. */
  start: number;
  isStalled = false;
  cursor: number;
  outlet: ScriptedOutlet | null = null;
  /** Why it was not let on when it came (again). */
  refusal: Code | null = null;

  constructor(format: FrameFormat, epoch: string, start: number) {
    this.format = format;
    this.epoch = epoch;
    this.start = start;
    this.cursor = start;
  }

  /** Everything up to here has come. */
  get through(): number {
    return this.start + this.received.length;
  }

  /** Whether it was told that what comes next is no longer there. */
  get isGone(): boolean {
    return this.refusal === 'gone' || this.outlet?.endedAs === 'gone';
  }

  receive(text: string): void {
    const { positions, cursor } = readFrame[this.format](text);
    this.received.push(...positions);
    this.cursor = cursor ?? this.cursor;
  }
}

/** What one append is later than the one before. */
export const appendEveryMs = 1_000;

/** The log in SQLite, with its threads, and its subscribers. It can be restarted, and restored from a backup; its readers then
 *  connect again. Its clock moves with each append. */
export class LogWorld {
  readonly readers: LogReader[] = [];
  readonly failures: unknown[] = [];
  readonly #dataDir: string;
  #now = Date.parse('2026-03-01T12:00:00.000Z');
  #log: SqliteLog | null = null;
  #topics = new Topics();
  #recorded$ = new Subject<readonly LogRecord[]>();
  #broadcast: Broadcast | null = null;

  private constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  static async open(dataDir: string): Promise<LogWorld> {
    const world = new LogWorld(dataDir);
    await world.#open();
    return world;
  }

  get log(): SqliteLog {
    if (this.#log === null) throw new Error('the log is closed');
    return this.#log;
  }

  /** Not when it could not be opened again. */
  get isOpen(): boolean {
    return this.#log !== null;
  }

  /** Milliseconds since 1970: of the next append. */
  get now(): number {
    return this.#now;
  }

  /** As the pipeline does: published in the turn in which the commit is known. */
  async append(items: readonly AppendItem[]): Promise<readonly Outcome[]> {
    const { outcomes, records } = await this.log.append(items);
    this.#now += appendEveryMs;
    if (records.length > 0) this.#recorded$.next(records);
    return outcomes;
  }

  /** One pass of retention. */
  async retain(settings: RetentionSettings): Promise<void> {
    const retention = new Retention({
      settings,
      log: this.log,
      index: { forget: () => Promise.resolve() },
      alerting: { claims: { savedThrough: Infinity, untold: [] } },
      broadcast: this.#broadcast ?? { published: 0 },
      clock: () => this.#now,
      reportFailure: this.#report,
    });
    retention.start();
    await retention.stop();
  }

  /** Resolves with whether the files hold nothing of it any more. */
  async redact(position: number): Promise<boolean> {
    const redactEvent = createRedactEvent({
      log: this.log,
      alerting: { redact: (_, record) => record(undefined) },
      append: async (items) => {
        await this.append(items);
      },
    });
    return (await redactEvent(position, {})).isErased;
  }

  /** Everything that is kept. */
  async read(): Promise<readonly RecordValue[]> {
    const { head } = this.log;
    const values: RecordValue[] = [];
    for (let through = 0; through < head;) {
      const bounds = { after: through, before: head + 1, order: 'asc', limit: 1_000, maxBytes: 2 ** 20 } as const;
      const page = await this.log.read({ ...bounds, filter: matchAll });
      values.push(...page.records.map(({ json }) => JSON.parse(json) as RecordValue));
      through = page.through;
    }
    return values;
  }

  subscribe(format: FrameFormat, after: number): void {
    const reader = new LogReader(format, this.log.epoch, after);
    this.readers.push(reader);
    this.#connect(reader);
  }

  /** Its connection breaks, and what it has not taken is lost; it resumes after what it has. */
  reconnect(reader: LogReader): void {
    reader.outlet?.end('unresponsive');
    this.#connect(reader);
  }

  /** Those that are not stalled take what is there for them. */
  deliver(): void {
    for (const { outlet, isStalled } of this.readers) if (!isStalled) outlet?.take();
  }

  async restart(): Promise<void> {
    await this.close();
    await this.#open();
  }

  async backUp(): Promise<void> {
    const options = { mayReplace: true, onProgress: () => undefined, signal: new AbortController().signal };
    await backUpLog({ dataDir: this.#dataDir, file: this.#backup, ...options });
  }

  async restore(): Promise<void> {
    await this.close();
    const options = { mayReplace: true, onProgress: () => undefined };
    const { replaced } = await restoreLog({ file: this.#backup, dataDir: this.#dataDir, ...options });
    for (const ending of ['', '-wal']) rmSync(`${replaced ?? ''}${ending}`, { force: true });
    await this.#open();
  }

  /** Lets go of the readers of one history, and keeps the log. */
  forgetReaders(): void {
    for (const { outlet } of this.readers.splice(0)) outlet?.end('done');
  }

  async close(): Promise<void> {
    for (const { outlet } of this.readers) outlet?.end('restarting');
    this.#recorded$.complete();
    await this.#log?.close();
    this.#log = null;
  }

  get #backup(): string {
    return join(this.#dataDir, 'backup');
  }

  readonly #report = (error: unknown): void => {
    this.failures.push(error);
  };

  async #open(): Promise<void> {
    this.#log = await openSqliteLog({ dataDir: this.#dataDir, readers: 1, clock: () => this.#now });
    this.#topics = new Topics();
    this.#recorded$ = new Subject();
    this.#broadcast = new Broadcast({
      log: this.#log,
      publish: this.#topics.publish,
      maxMemory: 4 * 1024 * 1024,
      reportFailure: this.#report,
    });
    this.#broadcast.sink(this.#recorded$).subscribe();
    for (const reader of this.readers) this.#connect(reader);
  }

  /** With its cursor, as the server takes it. */
  #connect(reader: LogReader): void {
    const outlet = new ScriptedOutlet(reader.format, this.#topics, (frame) => {
      reader.receive(frame);
    });
    try {
      const frame = { after: reader.cursor, epoch: reader.epoch, types: '*' };
      const request = readSubscribeFrame(frame, this.log, this.#now);
      if (reader.received.length === 0) reader.start = request.after;
      reader.outlet = outlet;
      const subscription = this.#broadcast?.open(request, outlet);
      if (subscription !== undefined) outlet.attach(subscription);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      reader.outlet = null;
      reader.refusal = error.code;
    }
  }
}

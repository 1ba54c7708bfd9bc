import { Subject } from 'rxjs';
import type { AppendItem, EventLog } from '../../src/pipeline/event-log.ts';
import { matchAll } from '../../src/pipeline/filter.ts';
import type { Outcome } from '../../src/pipeline/outcome.ts';
import type { LogRecord } from '../../src/pipeline/record.ts';
import type { FrameFormat } from '../../src/pipeline/subscriptions.ts';
import { Broadcast } from '../../src/sinks/broadcast/broadcast.ts';
import { openSqliteLog } from '../../src/sinks/sqlite/sqlite-log.ts';
import { readFrame } from './frame-reader.ts';
import { ScriptedOutlet, Topics } from './scripted-outlet.ts';

/** Somebody who subscribed, by whatever kind of connection, and resumes where it was when that breaks. */
export class LogReader {
  readonly format: FrameFormat;
  readonly start: number;
  readonly received: number[] = [];
  isStalled = false;
  cursor: number;
  outlet: ScriptedOutlet | null = null;

  constructor(format: FrameFormat, start: number) {
    this.format = format;
    this.start = start;
    this.cursor = start;
  }

  receive(text: string): void {
    const { positions, cursor } = readFrame[this.format](text);
    this.received.push(...positions);
    this.cursor = cursor ?? this.cursor;
  }
}

/** The log in SQLite, with its threads, and its subscribers. It can be restarted; its readers then connect again. */
export class LogWorld {
  readonly readers: LogReader[] = [];
  readonly failures: unknown[] = [];
  readonly #dataDir: string;
  #log: EventLog;
  #topics = new Topics();
  #recorded$ = new Subject<readonly LogRecord[]>();
  #broadcast: Broadcast;

  private constructor(dataDir: string, log: EventLog) {
    this.#dataDir = dataDir;
    this.#log = log;
    this.#broadcast = this.#attach();
  }

  static async open(dataDir: string): Promise<LogWorld> {
    return new LogWorld(dataDir, await openSqliteLog({ dataDir, readers: 1 }));
  }

  get log(): EventLog {
    return this.#log;
  }

  /** As the pipeline does: published in the turn in which the commit is known. */
  async append(items: readonly AppendItem[]): Promise<readonly Outcome[]> {
    const { outcomes, records } = await this.#log.append(items);
    if (records.length > 0) this.#recorded$.next(records);
    return outcomes;
  }

  subscribe(format: FrameFormat, after: number): void {
    const reader = new LogReader(format, after);
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
    this.#log = await openSqliteLog({ dataDir: this.#dataDir, readers: 1 });
    this.#topics = new Topics();
    this.#recorded$ = new Subject();
    this.#broadcast = this.#attach();
    for (const reader of this.readers) this.#connect(reader);
  }

  /** Lets go of the readers of one history, and keeps the log. */
  forgetReaders(): void {
    for (const { outlet } of this.readers.splice(0)) outlet?.end('done');
  }

  async close(): Promise<void> {
    for (const { outlet } of this.readers) outlet?.end('restarting');
    this.#recorded$.complete();
    await this.#log.close();
  }

  #attach(): Broadcast {
    const broadcast = new Broadcast({
      log: this.#log,
      publish: this.#topics.publish,
      maxMemory: 4 * 1024 * 1024,
      reportFailure: (error) => this.failures.push(error),
    });
    broadcast.sink(this.#recorded$).subscribe();
    return broadcast;
  }

  #connect(reader: LogReader): void {
    const outlet = new ScriptedOutlet(reader.format, this.#topics, (frame) => {
      reader.receive(frame);
    });
    reader.outlet = outlet;
    outlet.attach(this.#broadcast.open({ filter: matchAll, after: reader.cursor }, outlet));
  }
}

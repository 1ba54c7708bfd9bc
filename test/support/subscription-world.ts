import { Subject } from 'rxjs';
import { expect, vi } from 'vitest';
import type { Filter } from '../../src/pipeline/filter.ts';
import type { LogRecord } from '../../src/pipeline/record.ts';
import { Broadcast } from '../../src/sinks/broadcast/broadcast.ts';
import { aDraft, MemoryLog } from './memory-log.ts';
import { ScriptedOutlet, Topics } from './scripted-outlet.ts';

interface Frame {
  readonly type: string;
  readonly position?: number;
  readonly events?: readonly { readonly position: number }[];
}

/** Somebody who reads, is cut off, and resumes at the last position that a frame named. */
export class Reader {
  readonly filter: Filter;
  readonly start: number;
  readonly received: number[] = [];
  cursor: number;
  isCaughtUp = false;
  /** How often it went from history to live. */
  handOvers = 0;
  outlet: ScriptedOutlet | null = null;

  constructor(filter: Filter, start: number) {
    this.filter = filter;
    this.start = start;
    this.cursor = start;
  }

  receive(text: string): void {
    const { type, position, events } = JSON.parse(text) as Frame;
    this.received.push(...(events ?? []).map((event) => event.position));
    const named = position ?? events?.at(-1)?.position ?? NaN;
    expect(named, `${type} goes back`).toBeGreaterThanOrEqual(this.cursor);
    if (type === 'caught_up') {
      expect(this.isCaughtUp, 'caught up twice').toBe(false);
      this.handOvers += 1;
    }
    if (type === 'caught_up' || type === 'fell_behind') this.isCaughtUp = type === 'caught_up';
    this.cursor = named;
  }
}

/** A log, its broadcast and the readers. Counts on fake timers. */
export class World {
  readonly log = new MemoryLog();
  readonly topics = new Topics();
  readonly readers: Reader[] = [];
  readonly failures: unknown[] = [];
  readonly broadcast: Broadcast;
  readonly #recorded$ = new Subject<readonly LogRecord[]>();
  readonly #unpublished: (readonly LogRecord[])[] = [];
  #ids = 0;

  constructor(maxMemory: number) {
    this.broadcast = new Broadcast({
      log: this.log,
      publish: this.topics.publish,
      maxMemory,
      reportFailure: (error) => this.failures.push(error),
      clock: () => Date.now(),
    });
    this.broadcast.sink(this.#recorded$).subscribe();
  }

  append(
    events: readonly { readonly source: string; readonly severity: 'info' | 'error'; readonly padding: number }[],
  ) {
    const items = events.map(({ source, severity, padding }) => {
      const draft = aDraft({ id: String(++this.#ids), source, severity, data: { padding: 'x'.repeat(padding) } });
      return { draft, channel: 'tcp' };
    });
    this.#unpublished.push(this.log.appendNow(items).records);
  }

  publish(): void {
    const batch = this.#unpublished.shift();
    if (batch !== undefined) this.#recorded$.next(batch);
  }

  /** A commit in doubt: the batch is in the log, and nobody is told. */
  forgetBatch(): void {
    this.#unpublished.shift();
  }

  subscribe(filter: Filter, back: number): void {
    this.readers.push(new Reader(filter, Math.max(0, this.broadcast.published - back)));
    this.resume(this.readers.length - 1);
  }

  resume(index: number): void {
    const reader = this.reader(index);
    if (reader === undefined || reader.outlet?.endedAs === null) return;
    reader.isCaughtUp = false;
    const outlet = new ScriptedOutlet('ws', this.topics, (frame) => {
      reader.receive(frame);
    });
    reader.outlet = outlet;
    outlet.attach(this.broadcast.open({ filter: reader.filter, after: reader.cursor }, outlet));
  }

  cut(index: number): void {
    const outlet = this.reader(index)?.outlet;
    outlet?.end('unresponsive');
  }

  reader(index: number): Reader | undefined {
    return this.readers[index % this.readers.length];
  }

  held(): readonly number[] {
    return this.readers.map(({ outlet }) => outlet?.heldBytes ?? 0);
  }

  /** Publishes everything, and lets every reader take everything. */
  async settle(): Promise<void> {
    // What was never told is shown with what comes after it.
    this.append([{ source: 'a', severity: 'info', padding: 0 }]);
    const isDone = () => this.readers.every(({ cursor, isCaughtUp }) => isCaughtUp && cursor === this.log.head);
    for (let round = 0; round < 200 && !isDone(); round += 1) {
      this.publish();
      this.readers.forEach((_, index) => {
        this.resume(index);
      });
      await this.log.answerReads();
      for (const { outlet } of this.readers) outlet?.take();
      vi.advanceTimersByTime(2_500);
    }
  }

  end(): void {
    this.#recorded$.complete();
  }
}

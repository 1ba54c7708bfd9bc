import { createHash } from 'node:crypto';
import { vi } from 'vitest';
import type { FrameFormat } from '../../../src/pipeline/subscriptions.ts';
import { readFrame } from '../frame-reader.ts';
import { createRandom } from '../../../bench/random.ts';
import type { ScriptedOutlet } from '../scripted-outlet.ts';
import { SimulatedDisk, SimulatedLog, type DiskFaults } from './disk.ts';
import { backlogLimits, SimulatedHub, type Channel } from './hub.ts';
import { SimulatedProducer, type Answered } from './producer.ts';

export interface SimulatedRun {
  /** What did not hold; empty when all is well. */
  readonly violations: readonly string[];
  /** Over everything that happened, in its order: equal for equal runs. */
  readonly trace: string;
  readonly events: number;
  readonly crashes: number;
  readonly inDoubt: number;
}

/** Steps of a run in which there are faults; then it is given time to come to an end. */
const faultySteps = 80;
const mostSteps = 4_000;
const mebibyte = 1024 * 1024;
/** What the connections may have sent before they heard that there is no room. */
const mostUnderWay = 3 * 18;

const channels: readonly Channel[] = ['tcp', 'http', 'ws'];
const formats: readonly FrameFormat[] = ['ws', 'sse', 'ndjson'];
/** Taken before any clock is faked: it lets every promise that can go on do so. */
const { setImmediate: nextTurn } = globalThis;

interface Reader {
  readonly format: FrameFormat;
  readonly received: number[];
  cursor: number;
  outlet: ScriptedOutlet | null;
}

/** One run of the hub's pipeline on a simulated disk, clock and sockets: everything that happens follows from the seed. */
export async function simulate(seed: number): Promise<SimulatedRun> {
  vi.useFakeTimers({
    now: 0,
    toFake: ['setImmediate', 'setTimeout', 'setInterval', 'clearImmediate', 'clearTimeout', 'clearInterval', 'Date'],
  });
  try {
    const run = new Run(seed);
    await run.play();
    return run;
  } finally {
    vi.useRealTimers();
  }
}

class Run implements SimulatedRun {
  readonly violations: string[] = [];
  events = 0;
  crashes = 0;
  inDoubt = 0;
  readonly #random: () => number;
  readonly #hash = createHash('sha256');
  readonly #disk = new SimulatedDisk();
  readonly #faults: DiskFaults;
  readonly #producers: readonly SimulatedProducer[];
  readonly #readers: readonly Reader[];
  #hub: SimulatedHub;
  #trace = '';

  constructor(seed: number) {
    this.#random = createRandom(seed);
    const upTo = (most: number): number => this.#random() * most;
    this.#faults = { unavailable: upTo(0.2), inDoubt: upTo(0.3), unreadable: upTo(0.2), longestMs: 1 + upTo(400) };
    this.#producers = channels.map((channel) => this.#producer(channel));
    this.#readers = formats.map((format) => ({ format, received: [], cursor: 0, outlet: null }));
    this.#hub = this.#start();
  }

  get trace(): string {
    return this.#trace;
  }

  async play(): Promise<void> {
    const crashChance = this.#random() * 0.1;
    let step = 0;
    for (; step < mostSteps && !(step > faultySteps && this.#isOver()); step += 1) {
      if (step === faultySteps) Object.assign(this.#faults, { unavailable: 0, inDoubt: 0, unreadable: 0 });
      if (step < faultySteps && this.#random() < crashChance) this.#crash();
      this.#act(step < faultySteps);
      vi.advanceTimersToNextTimer();
      await new Promise((resolve) => nextTurn(resolve));
      this.#checkBounds();
    }
    if (!this.#isOver()) this.#violated('it comes to no end');
    this.#checkEnd();
    this.#hub.crash();
    this.#trace = this.#hash.digest('hex');
  }

  /** Whoever is there does something, or not. */
  #act(isRough: boolean): void {
    for (const producer of this.#producers) if (!isRough || this.#random() < 0.4) producer.step();
    for (const reader of this.#readers) this.#actAs(reader, isRough);
  }

  #actAs(reader: Reader, isRough: boolean): void {
    if (isRough && this.#random() < 0.05) reader.outlet?.cut();
    if (this.#isToConnect(reader)) this.#connect(reader);
    if (this.#random() < (isRough ? 0.3 : 0.9)) reader.outlet?.take(1 + Math.floor(this.#random() * 4));
  }

  #start(): SimulatedHub {
    const log = new SimulatedLog(this.#disk, this.#faults, this.#random);
    this.#hub = new SimulatedHub(log, (error) => {
      this.#happened(`failure ${String(error)}`);
    });
    for (const producer of this.#producers) producer.connect(this.#hub);
    for (const reader of this.#readers) reader.outlet = null;
    return this.#hub;
  }

  #crash(): void {
    this.crashes += 1;
    this.#hub.crash();
    for (const { outlet } of this.#readers) outlet?.cut();
    this.#disk.cutPower(this.#random() < 0.5);
    this.#happened(`crash at ${this.#disk.head}`);
    this.#start();
  }

  #isToConnect({ outlet }: Reader): boolean {
    return outlet === null || (this.#random() < 0.2 && outlet.isCut);
  }

  #connect(reader: Reader): void {
    reader.outlet = this.#hub.subscribe(reader.format, reader.cursor, (frame) => {
      this.#receive(reader, frame);
    });
  }

  /** Each position once, in order, and nothing that a crash could take back. */
  #receive(reader: Reader, frame: string): void {
    this.#happened(`${reader.format} ${frame}`);
    const { positions, cursor } = readFrame[reader.format](frame);
    for (const position of positions) {
      const due = reader.received.length + 1;
      if (position !== due) this.#violated(`${reader.format} was given ${position} where ${due} was due`);
      if (position > this.#disk.synced.length)
        this.#violated(`${reader.format} was shown ${position} before it was synced`);
      reader.received.push(position);
    }
    reader.cursor = cursor ?? reader.cursor;
  }

  #producer(channel: Channel): SimulatedProducer {
    const own = Array.from({ length: 12 }, (_, index) => `${channel}-${index}`);
    // What another channel sends too is one event all the same.
    const ids = own.flatMap((id, index) => (index % 4 === 0 ? [id, `shared-${index}`] : [id]));
    return new SimulatedProducer({
      channel,
      ids,
      random: this.#random,
      onAnswer: (answer, expected, last) => {
        this.#answered(channel, answer, expected, last);
      },
    });
  }

  #answered(channel: Channel, answer: Answered, expected: string | undefined, last: number): void {
    this.#happened(`${channel} ${JSON.stringify(answer)}`);
    if (answer.code === 'in_doubt') this.inDoubt += 1;
    // A refusal for want of room need not name whom it refuses.
    const { ok, position = NaN, id = ok ? undefined : expected } = answer;
    if (id !== expected) this.#violated(`${channel} was answered for ${String(id)} where ${String(expected)} was due`);
    if (ok) this.#accepted(`${channel}: ${String(id)}`, position, answer, last);
  }

  #accepted(what: string, position: number, { id, duplicate }: Answered, last: number): void {
    if (this.#disk.synced[position - 1]?.id !== id) this.#violated(`${what} was acknowledged at ${position} unsynced`);
    if (duplicate !== true && position <= last) this.#violated(`${what} was recorded at ${position}, after ${last}`);
  }

  #checkBounds(): void {
    const { events } = this.#hub.backlog;
    if (events > backlogLimits.maxEvents + mostUnderWay) this.#violated(`${events} events wait for the disk`);
    for (const { format, outlet } of this.#readers) {
      const held = outlet?.heldBytes ?? 0;
      if (held > mebibyte) this.#violated(`${held} bytes are held for ${format}`);
    }
  }

  #isOver(): boolean {
    const isCaughtUp = ({ received }: Reader): boolean => received.length >= this.#hub.broadcast.published;
    return this.#producers.every(({ isDone }) => isDone) && this.#readers.every(isCaughtUp);
  }

  /** Each event is in the log once, at the position at which it was acknowledged. */
  #checkEnd(): void {
    const { synced } = this.#disk;
    this.events = synced.length;
    const ids = new Map(synced.map(({ id, position }) => [id, position]));
    if (ids.size !== synced.length) this.#violated('an event is in the log twice');
    for (const [place, { position }] of synced.entries()) {
      if (position !== place + 1) this.#violated(`place ${place + 1} of the log has position ${position}`);
    }
    for (const { acknowledged } of this.#producers) {
      for (const [id, position] of acknowledged) {
        if (ids.get(id) !== position)
          this.#violated(`${id}, acknowledged at ${position}, is at ${String(ids.get(id))}`);
      }
    }
  }

  #happened(what: string): void {
    this.#hash.update(`${Date.now()} ${what}\n`);
  }

  #violated(rule: string): void {
    this.violations.push(`at ${Date.now()} ms: ${rule}`);
  }
}

import type { Position } from '../../pipeline/event.ts';
import { compileFilter, type Filter } from '../../pipeline/filter.ts';
import type { LogRecord, StoredRecord } from '../../pipeline/record.ts';
import type { PublishToTopic } from '../../pipeline/subscriptions.ts';
import type { Frames } from './frames.ts';
import type { HeldMemory } from './held-memory.ts';
import type { Subscriber } from './subscriber.ts';

/** Characters of one live frame; a larger batch becomes several frames. */
const frameLength = 128 * 1024;

/** Live subscribers with the same filter and format: a batch is matched and written once for all of them. */
export class Group {
  readonly topic: string;
  readonly #matches: ReturnType<typeof compileFilter>;
  readonly #frames: Frames;
  readonly #memory: HeldMemory;
  readonly #members = new Set<Subscriber>();
  #lastInFrame: Position = 0;

  constructor(topic: string, filter: Filter, frames: Frames, memory: HeldMemory) {
    this.topic = topic;
    this.#matches = compileFilter(filter);
    this.#frames = frames;
    this.#memory = memory;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  get lastInFrame(): Position {
    return this.#lastInFrame;
  }

  add(member: Subscriber): void {
    this.#members.add(member);
    this.#memory.lookAgain(this.#members);
    member.outlet.join(this.topic);
  }

  remove(member: Subscriber): void {
    if (this.#members.delete(member)) member.outlet.leave(this.topic);
    if (this.isEmpty) this.#memory.lookAgain(this.#members);
  }

  /** Publishes what matches of a batch. Members without room for all of it fall behind first, at `published`, where the
   *  batch before ended, so that no frame is ever dropped on its way. Returns them. */
  publish(batch: readonly LogRecord[], published: Position, publish: PublishToTopic): readonly Subscriber[] {
    const records: StoredRecord[] = [];
    for (const { value, json } of batch) {
      if (this.#matches(value)) records.push({ position: value.position, json });
    }
    const last = records.at(-1);
    if (last === undefined) return [];
    const frames = inChunks(records).map((chunk) => this.#frames.events(chunk));
    const bytes = frames.reduce((sum, frame) => sum + Buffer.byteLength(frame), 0);
    const fallen = this.#memory.hand(this.#members, bytes);
    for (const member of fallen) member.fallBehind(published);
    this.#lastInFrame = last.position;
    for (const frame of frames) publish(this.topic, frame);
    return fallen;
  }
}

function inChunks(records: readonly StoredRecord[]): readonly (readonly StoredRecord[])[] {
  const chunks: StoredRecord[][] = [];
  let room = 0;
  for (const record of records) {
    if (chunks.length === 0 || room < record.json.length) {
      chunks.push([]);
      room = frameLength;
    }
    chunks.at(-1)?.push(record);
    room -= record.json.length;
  }
  return chunks;
}

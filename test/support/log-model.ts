import type { EventDraft, RecordedEvent } from '../../src/pipeline/event.ts';
import type { RecordValue } from '../../src/pipeline/record.ts';

export interface ModelRecord {
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** Empty for a decision. */
  readonly source: string;
  readonly id: string;
  readonly content: string;
}

interface Contents {
  readonly records: readonly ModelRecord[];
  readonly head: number;
}

const blankContent = '[redacted] null';

/** The log as a plain array of what it holds. */
export class LogModel {
  #records: ModelRecord[] = [];
  #head = 0;
  #backup: Contents | null = null;

  get records(): readonly ModelRecord[] {
    return this.#records;
  }

  get head(): number {
    return this.#head;
  }

  get first(): number {
    return this.#records[0]?.position ?? this.#head + 1;
  }

  get hasBackup(): boolean {
    return this.#backup !== null;
  }

  /** Returns what the producer must be told. */
  append({ id, source, message, data }: EventDraft, receivedAt: number): string {
    const content = contentOf(message, data);
    const known = this.#records.find((record) => record.id === id && record.source === source);
    if (known === undefined) return `accepted at ${this.#push({ receivedAt, source, id, content })}`;
    return known.content === content ? `duplicate of ${known.position}` : 'rejected: id_conflict';
  }

  /** Of the events the newest `count` stay, and every decision among them. */
  keepNewest(count: number): void {
    const events = this.#records.filter(({ source }) => source !== '');
    this.#removeThrough(events.at(-count - 1)?.position ?? 0);
  }

  /** What was received at that time, or later, stays. */
  keepSince(time: number): void {
    this.#removeThrough(this.#records.findLast(({ receivedAt }) => receivedAt < time)?.position ?? 0);
  }

  /** Blanks an event and records that. */
  redact({ position }: ModelRecord, receivedAt: number): void {
    const index = position - this.first;
    const event = this.#records[index];
    if (event === undefined || event.content === blankContent) return;
    this.#records[index] = { ...event, content: blankContent };
    this.#push({ receivedAt, source: '', id: '', content: redactionOf([position]) });
  }

  backUp(): void {
    this.#backup = { records: [...this.#records], head: this.#head };
  }

  restore(): void {
    if (this.#backup !== null) this.take(this.#backup);
  }

  take({ records, head }: Contents): void {
    this.#records = [...records];
    this.#head = head;
  }

  #push(record: Omit<ModelRecord, 'position'>): number {
    this.#records.push({ position: ++this.#head, ...record });
    return this.#head;
  }

  #removeThrough(position: number): void {
    this.#records = this.#records.filter((record) => record.position > position);
  }
}

/** What the array has in the place of a record that was read. */
export function modelRecordOf(value: RecordValue): ModelRecord {
  const [position, receivedAt] = [value.position, Date.parse(value.receivedAt)];
  if (value.type === 'event') {
    const { source, id, message, data = null } = value;
    return { position, receivedAt, source, id, content: contentOf(message, data) };
  }
  const content = value.type === 'event.redacted' ? redactionOf(value.events) : value.type;
  return { position, receivedAt, source: '', id: '', content };
}

function contentOf(message: string, data: RecordedEvent['data'] | null): string {
  return `${message} ${JSON.stringify(data)}`;
}

function redactionOf(positions: readonly number[]): string {
  return `redaction of ${positions.join()}`;
}

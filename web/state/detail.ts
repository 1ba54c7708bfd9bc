import { batch, signal } from '@preact/signals';
import { HubError } from '../../src/client/hub-error.ts';
import type { Position, RecordedEvent } from '../../src/pipeline/event.ts';
import type { RecordedDecision } from '../../src/pipeline/record.ts';
import type { ReadRecord, ReadTrace } from '../api/event-api.ts';
import type { Address } from './search.ts';
import { isSettled } from './trace-steps.ts';

/** What there is to read at the open position. */
export type Content =
  | { readonly kind: 'loading' }
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  /** A decision of the hub, not an event. */
  | { readonly kind: 'decision'; readonly type: string }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** The decisions about the open event; null while they are not known, or when they could not be read. */
export interface Trace {
  readonly decisions: readonly RecordedDecision[] | null;
  readonly hasFailed: boolean;
}

export interface DetailParts {
  readonly readRecord: ReadRecord;
  readonly readTrace: ReadTrace;
  /** The open position, in the address of the page. */
  readonly address: Address;
  /** Whether opening is a step of the browser's Back: where the panel covers the list, Back should close it. */
  readonly isStep: () => boolean;
}

const firstPollMs = 2_000;
const slowestPollMs = 30_000;

/** The one event that is open to be read, whether or not the list has it. Asks for its decisions again while more may come. */
export class Detail {
  readonly position = signal<Position | null>(null);
  readonly content = signal<Content>({ kind: 'loading' });
  readonly trace = signal<Trace>({ decisions: null, hasFailed: false });
  readonly #parts: DetailParts;
  #request = new AbortController();
  #poll: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: DetailParts) {
    this.#parts = parts;
    this.#show(positionOf(parts.address.read()));
    parts.address.onMove((text) => this.#show(positionOf(text)));
  }

  open(position: Position): void {
    if (position === this.position.peek()) return;
    this.#parts.address.write(String(position), this.position.peek() === null && this.#parts.isStep());
    this.#show(position);
  }

  close(): void {
    if (this.position.peek() === null) return;
    this.#parts.address.write('', false);
    this.#show(null);
  }

  /** Reads it again after it could not be read. */
  retry(): void {
    this.#load(this.position.peek());
  }

  #show(position: Position | null): void {
    if (position !== this.position.peek()) this.#load(position);
  }

  #load(position: Position | null): void {
    this.#request.abort();
    clearTimeout(this.#poll);
    const request = new AbortController();
    this.#request = request;
    batch(() => {
      this.position.value = position;
      this.content.value = { kind: 'loading' };
      this.trace.value = { decisions: null, hasFailed: false };
    });
    if (position !== null) void this.#read(position, request.signal);
  }

  async #read(position: Position, signal: AbortSignal): Promise<void> {
    const content = await this.#parts.readRecord(position, signal).then(contentOf, failureOf);
    if (signal.aborted) return;
    this.content.value = content;
    if (content.kind === 'event') await this.#follow(content.event, firstPollMs, signal);
  }

  async #follow(event: RecordedEvent, waitMs: number, signal: AbortSignal): Promise<void> {
    const before = this.trace.peek().decisions;
    const decisions = await this.#parts.readTrace(event.position, signal).catch(() => null);
    if (signal.aborted) return;
    const isNew = decisions !== null && decisions.length !== before?.length;
    if (isNew || decisions === null)
      this.trace.value = { decisions: decisions ?? before, hasFailed: decisions === null };
    if (decisions !== null && isSettled(event, decisions, Date.now())) return;
    const nextMs = isNew ? firstPollMs : Math.min(waitMs * 1.5, slowestPollMs);
    this.#poll = setTimeout(() => void this.#follow(event, nextMs, signal), nextMs);
  }
}

function positionOf(text: string): Position | null {
  return /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;
}

function contentOf(record: Awaited<ReturnType<ReadRecord>>): Content {
  return record.type === 'event' ? { kind: 'event', event: record } : { kind: 'decision', type: record.type };
}

function failureOf(error: unknown): Content {
  const { code, message } = error instanceof HubError ? error : new HubError('unreadable', String(error));
  return { kind: 'failed', code, message };
}

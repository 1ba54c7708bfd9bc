import type { Endpoint } from '../client/endpoint.ts';
import { readPage } from '../client/pages.ts';
import { readStream, type StreamQuery } from '../client/stream.ts';
import type { Position } from '../pipeline/event.ts';
import { parseInstant } from '../pipeline/span.ts';
import { httpEndpoint, hubLocator, type HubOptions } from './hub-options.ts';
import { counted, perSecond } from './numbers.ts';
import { Pace } from './pace.ts';
import { plainText } from './plain-text.ts';
import { Progress } from './progress.ts';
import { hubSink, outputSink, type ReplaySink } from './replay-sinks.ts';
import type { TargetOptions } from './target.ts';
import { optionParser } from './usage-error.ts';

export type Place = { readonly position: Position } | { readonly time: string };

/** Reads the option that names a place. */
export const placeParser = optionParser<Place>((text) => {
  if (/^\d{1,15}$/.test(text)) return { position: Number(text) };
  return parseInstant(text, Date.now()) === undefined ? undefined : { time: text };
}, 'must be a position, a time (RFC 3339 with a zone), or a span before now such as 2h');

export interface ReplayOptions extends HubOptions, TargetOptions {
  /** Both included. */
  readonly from?: Place;
  readonly to?: Place;
  readonly speed?: number;
  /** Of the records; events when missing. */
  readonly type?: string;
}

/** Reads the history that the options name and hands it to where they say, in bounded memory. Resolves with the exit code. */
export async function replay(q: string | undefined, options: ReplayOptions): Promise<number> {
  const { url, dataDir, ca, tcp, http, ws } = options;
  const source = Object.fromEntries(Object.entries({ url, dataDir, ca }).filter(([, value]) => value !== undefined));
  const endpoint = httpEndpoint(hubLocator({ ...source, env: process.env }));
  const { epoch, head } = await readPage(endpoint, { limit: 0 });
  const isSent = tcp !== undefined || http !== undefined || ws !== undefined;
  const run = new ReplayRun(endpoint, { ...rangeOf(options), ...(q === undefined ? {} : { q }), epoch }, head);
  return await run.play(isSent ? options : null, options.speed ?? Infinity);
}

class ReplayRun {
  readonly #endpoint: Endpoint;
  readonly #query: StreamQuery;
  readonly #head: Position;
  readonly #startedAt = performance.now();
  readonly #stopped = new AbortController();
  readonly #progress = new Progress(process.stderr, () => this.#inWords());
  #sink: ReplaySink | null = null;
  #isInterrupted = false;
  #count = 0;
  #position: Position = 0;

  constructor(endpoint: Endpoint, query: StreamQuery, head: Position) {
    this.#endpoint = endpoint;
    this.#query = query;
    this.#head = head;
  }

  /** Without a target, to standard output. */
  async play(target: TargetOptions | null, speed: number): Promise<number> {
    const note = (line: string): void => this.#progress.note(plainText(line));
    const onOver = (): void => this.#stopped.abort();
    const sink = target === null ? outputSink(onOver) : await hubSink(target, note, onOver);
    this.#sink = sink;
    process.once('SIGINT', () => {
      this.#isInterrupted = true;
      sink.stop('interrupted');
    });
    // The line that changes in place would be in the way of the events.
    if (target !== null || !process.stdout.isTTY) this.#progress.start();
    try {
      await this.#pass(sink, new Pace(speed), note);
    } finally {
      this.#progress.stop();
    }
    const failure = await sink.finish();
    for (const line of failure) note(line);
    if (target !== null) note(this.#inWords());
    return failure.length === 0 && !this.#isInterrupted ? 0 : 1;
  }

  async #pass(sink: ReplaySink, pace: Pace, note: (line: string) => void): Promise<void> {
    const { signal } = this.#stopped;
    const onRetry = (reason: string): void => note(`reading: ${reason}; trying again`);
    for await (const events of readStream(this.#endpoint, this.#query, { onRetry, signal })) {
      for (const event of events) {
        await pace.turnOf(event, signal);
        if (signal.aborted) return;
        await sink.take(event);
        this.#count += 1;
        this.#position = event.position;
      }
    }
  }

  #inWords(): string {
    const rate = perSecond(this.#count, performance.now() - this.#startedAt);
    const at = `position ${this.#position.toLocaleString('en-US')} of ${this.#head.toLocaleString('en-US')}`;
    return plainText(`${counted(this.#count, 'event')} read, ${at}, ${rate}${this.#sink?.inWords() ?? ''}`);
  }
}

function rangeOf({ from, to, type }: ReplayOptions): StreamQuery {
  return {
    ...(type === undefined ? {} : { type }),
    ...(from === undefined ? {} : 'time' in from ? { since: from.time } : { after: Math.max(0, from.position - 1) }),
    ...(to === undefined ? {} : 'time' in to ? { until: to.time } : { before: to.position + 1 }),
  };
}

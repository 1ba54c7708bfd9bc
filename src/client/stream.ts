import type { Position, RecordedEvent } from '../pipeline/event.ts';
import { backoffMs, defaultBackoff } from './backoff.ts';
import type { Endpoint } from './endpoint.ts';
import { fixSpans } from './filter.ts';
import { HubError } from './hub-error.ts';
import { hubFetch, throwIfRefused } from './http.ts';
import { LinkWatch } from './link-watch.ts';
import { eventsPath, readPage, readPages, type PageQuery } from './pages.ts';
import { isPassing, readVerdict } from './verdict.ts';

export type StreamQuery = Omit<PageQuery, 'order' | 'limit'>;

export interface StreamOptions {
  /** The stream broke and is resumed after `waitMs`. */
  readonly onRetry?: (reason: string, waitMs: number) => void;
  /** How long to try in vain. */
  readonly giveUpAfterMs?: number;
  /** Ends the stream where it is, without an error. */
  readonly signal?: AbortSignal;
}

/** The hub sends an empty line every 15 s. */
const silenceMs = 45_000;
const defaultGiveUpMs = 60_000;

/** Every matching record that the log has now, ascending, each exactly once, as they come from the hub: a stream that
 *  breaks is resumed after its last record. Holds no more than what one read from the connection brings, and reads
 *  no faster than it is asked. Throws when the hub refuses, cannot be reached at the start, or not again in time. */
export async function* readStream(
  endpoint: Endpoint,
  query: StreamQuery,
  options: StreamOptions = {},
): AsyncGenerator<readonly RecordedEvent[], void> {
  let rest = await pinned(endpoint, query);
  const patience = new Patience(options);
  for (;;) {
    try {
      for await (const events of readOnce(endpoint, rest, options.signal)) {
        rest = { ...rest, after: events.at(-1)?.position ?? rest.after };
        yield events;
        patience.renew();
      }
      // A hub that stops ends its streams just as it ends a complete one.
      if (await isComplete(endpoint, rest)) return;
    } catch (error) {
      if (!(await patience.goesOn(error))) return;
    }
  }
}

/** The hub says in the stream itself why it ends there: it has tried what could be tried. */
class BrokenOffError extends HubError {}

/** How long to go on trying. */
class Patience {
  readonly #options: StreamOptions;
  #failures = 0;
  #renewedAt = performance.now();

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  renew(): void {
    this.#failures = 0;
    this.#renewedAt = performance.now();
  }

  /** Waits before the next attempt; false when none is wanted. Throws the error when trying again would be in vain, or
   *  has been for too long. */
  async goesOn(error: unknown): Promise<boolean> {
    const { onRetry, giveUpAfterMs = defaultGiveUpMs, signal } = this.#options;
    if (signal?.aborted === true) return false;
    const isFinal = error instanceof BrokenOffError || (error instanceof HubError && !isPassing(error.code));
    if (isFinal || performance.now() - this.#renewedAt > giveUpAfterMs) throw error;
    this.#failures += 1;
    const waitMs = backoffMs(this.#failures, defaultBackoff);
    onRetry?.(error instanceof Error ? error.message : String(error), waitMs);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    return true;
  }
}

/** The query as it is at this moment, so that whatever is read later belongs to one and the same range. */
async function pinned(endpoint: Endpoint, query: StreamQuery): Promise<StreamQuery & { readonly after: Position }> {
  const { epoch, head } = await readPage(
    endpoint,
    query.epoch === undefined ? { limit: 0 } : { epoch: query.epoch, limit: 0 },
  );
  const before = Math.min(query.before ?? Infinity, head + 1);
  return { ...fixSpans(query, Date.now()), after: query.after ?? 0, before, epoch };
}

async function isComplete(endpoint: Endpoint, rest: StreamQuery & { readonly after: Position }): Promise<boolean> {
  for await (const page of readPages(endpoint, { ...rest, limit: 1 })) {
    if (page.events.length > 0) return false;
  }
  return true;
}

/** What one connection brings, until it ends. */
async function* readOnce(
  endpoint: Endpoint,
  query: StreamQuery,
  stop: AbortSignal | undefined,
): AsyncGenerator<readonly RecordedEvent[], void> {
  const abort = new AbortController();
  const signal = stop === undefined ? abort.signal : AbortSignal.any([abort.signal, stop]);
  const watch = new LinkWatch({
    answerMs: silenceMs,
    onDead: () => abort.abort(new Error('the hub does not answer')),
  });
  try {
    watch.expectAnswer();
    const headers = { Accept: 'application/x-ndjson' };
    const response = await hubFetch(endpoint, eventsPath(query), { headers, signal });
    await throwIfRefused(response);
    for await (const chunk of chunksOf(response, watch)) {
      if (chunk.length > 0) yield chunk;
    }
  } finally {
    watch.stop();
    abort.abort();
  }
}

/** The silence of the hub counts only while something is read: the caller may take its time. */
async function* chunksOf(response: Response, watch: LinkWatch): AsyncGenerator<readonly RecordedEvent[], void> {
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  if (reader === undefined) return;
  const decoder = new TextDecoder();
  let unfinished = '';
  for (;;) {
    watch.expectAnswer();
    const { done, value } = await reader.read();
    watch.stop();
    // A line without its end was cut off with the connection: its record is read again.
    if (done) return;
    const lines = (unfinished + decoder.decode(value, { stream: true })).split('\n');
    unfinished = lines.pop() ?? '';
    const values = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as RecordedEvent);
    const refusal = readVerdict(values.at(-1));
    yield refusal === undefined ? values : values.slice(0, -1);
    if (refusal?.ok === false) throw new BrokenOffError(refusal.code, refusal.error);
  }
}

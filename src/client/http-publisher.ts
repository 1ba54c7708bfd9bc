import type { Endpoint } from './endpoint.ts';
import { hubFetch, retryAfterMsOf } from './http.ts';
import type { Pending } from './pending-queue.ts';
import type { Carrier, CarrierListener, Publisher, PublisherOptions, Transport } from './publisher.ts';
import { ResendingPublisher } from './resending-publisher.ts';
import { readVerdict } from './verdict.ts';

export interface HttpPublisherOptions extends Endpoint, PublisherOptions {
  /** Where the hub takes them, when that is not where it takes events. */
  readonly path?: string;
}

/** Publishes in batches of NDJSON, one request at a time, so that the order is kept: each takes what came while the
 *  one before it was on its way. */
export function createHttpPublisher(options: HttpPublisherOptions): Publisher {
  const transport: Transport = {
    open: (listener) => new HttpCarrier(options, listener),
    window: 1_000,
    maxRun: 1_000,
    maxRunBytes: 4_000_000,
    isPipelined: false,
  };
  return new ResendingPublisher(transport, options);
}

class HttpCarrier implements Carrier {
  readonly #endpoint: Endpoint;
  readonly #path: string;
  readonly #listener: CarrierListener;
  readonly #ended = new AbortController();

  constructor(options: HttpPublisherOptions, listener: CarrierListener) {
    this.#endpoint = options;
    this.#path = options.path ?? '/api/events';
    this.#listener = listener;
    // There is nothing to connect before the first request.
    queueMicrotask(() => listener.up());
  }

  send(run: readonly Pending[]): void {
    this.#post(run).catch((error: unknown) =>
      this.#listener.down(error instanceof Error ? error.message : String(error)),
    );
  }

  end(): void {
    this.#ended.abort();
  }

  async #post(run: readonly Pending[]): Promise<void> {
    const response = await hubFetch(this.#endpoint, this.#path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-ndjson' },
      body: run.map(({ text }) => `${text}\n`).join(''),
      signal: this.#ended.signal,
    });
    const body = await readJson(response);
    const verdicts = Array.isArray(body?.['results']) ? body['results'].map(readVerdict) : [];
    const onAll = readVerdict(body);
    for (const [index, pending] of run.entries()) {
      const verdict = verdicts[index] ?? onAll;
      if (verdict === undefined) throw new Error(`HTTP ${response.status} without a verdict: is it a hub?`);
      this.#listener.answer(pending, verdict, retryAfterMsOf(response));
    }
  }
}

async function readJson(response: Response): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

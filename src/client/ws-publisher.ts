import type { Endpoint } from './endpoint.ts';
import type { Pending } from './pending-queue.ts';
import type { Carrier, CarrierListener, Publisher, PublisherOptions, Transport } from './publisher.ts';
import { ResendingPublisher } from './resending-publisher.ts';
import { openSocket, type Frame, type SocketLink, type WebSocketConstructor } from './socket.ts';
import { readVerdict } from './verdict.ts';

export interface WsPublisherOptions extends Endpoint, PublisherOptions {
  readonly WebSocket: WebSocketConstructor;
}

/** Publishes over a WebSocket of its own, many drafts in a frame. */
export function createWsPublisher(options: WsPublisherOptions): Publisher {
  const transport: Transport = {
    open: (listener) => new WsCarrier(options, listener),
    window: 1_024,
    maxRun: 256,
    // A frame may have 1 MiB (contract, section 5), and there is a little around the drafts.
    maxRunBytes: 1_000_000,
    isPipelined: true,
  };
  return new ResendingPublisher(transport, options);
}

class WsCarrier implements Carrier {
  readonly #listener: CarrierListener;
  readonly #link: SocketLink;
  readonly #runs = new Map<string, readonly Pending[]>();
  #lastRef = 0;

  constructor(options: WsPublisherOptions, listener: CarrierListener) {
    this.#listener = listener;
    this.#link = openSocket(options.WebSocket, options, {
      open: () => listener.up(),
      frame: (frame) => this.#frame(frame),
      end: ({ code, reason, isFinal }) => {
        if (isFinal) listener.down(reason, { ok: false, code, error: reason });
        else listener.down(reason);
      },
    });
  }

  send(run: readonly Pending[]): void {
    this.#lastRef += 1;
    const ref = String(this.#lastRef);
    this.#runs.set(ref, run);
    this.#link.send(`{"type":"publish","ref":"${ref}","events":[${run.map(({ text }) => text).join(',')}]}`);
  }

  end(): void {
    this.#link.close();
  }

  #frame(frame: Frame): void {
    const ref = frame['ref'];
    const run = typeof ref === 'string' ? this.#runs.get(ref) : undefined;
    if (typeof ref !== 'string' || run === undefined) return;
    this.#runs.delete(ref);
    if (frame['type'] === 'error') this.#answerAll(run, frame);
    else if (frame['type'] === 'ack') this.#answerEach(run, frame['results']);
  }

  #answerEach(run: readonly Pending[], results: unknown): void {
    const verdicts = Array.isArray(results) ? results.map(readVerdict) : [];
    run.forEach((pending, index) => {
      const verdict = verdicts[index];
      if (verdict === undefined) this.#listener.down('the hub did not answer every draft of a frame');
      else this.#listener.answer(pending, verdict);
    });
  }

  #answerAll(run: readonly Pending[], frame: Frame): void {
    const verdict = readVerdict({ ok: false, code: frame['code'], error: frame['error'] });
    if (verdict === undefined) this.#listener.down('the hub answered a frame with an error that says nothing');
    else for (const pending of run) this.#listener.answer(pending, verdict);
  }
}

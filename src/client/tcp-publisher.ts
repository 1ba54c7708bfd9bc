import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { Pending } from './pending-queue.ts';
import type { Carrier, CarrierListener, Publisher, PublisherOptions, Transport } from './publisher.ts';
import { ResendingPublisher } from './resending-publisher.ts';
import { readVerdict, type Verdict } from './verdict.ts';

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  /** Absent: clear text. */
  readonly tls?: ConnectionOptions;
}

export interface TcpPublisherOptions extends PublisherOptions {
  /** Asked anew before each connection: a hub that restarts may come back with another port or token. What a function
   *  throws counts as a failed attempt. */
  readonly address: TcpAddress | (() => TcpAddress);
}

/** Publishes as JSON lines, many on their way at once; the answers come in the order of the lines. */
export function createTcpPublisher(options: TcpPublisherOptions): Publisher {
  const { address } = options;
  const transport: Transport = {
    open: (listener) => new TcpCarrier(typeof address === 'function' ? address() : address, listener),
    window: 256,
    maxRun: Infinity,
    maxRunBytes: 1_000_000,
    isPipelined: true,
  };
  return new ResendingPublisher(transport, options);
}

/** No answer comes near it: whoever sends more without a newline is no hub. */
const maxAnswerLength = 1_000_000;
const keepAliveMs = 15_000;

class TcpCarrier implements Carrier {
  readonly #listener: CarrierListener;
  readonly #socket: Socket;
  /** Sent and not answered yet, oldest first. */
  readonly #unanswered: Pending[] = [];
  #isTokenAsked = false;
  #rest = '';
  #failure: string | undefined;

  constructor({ host, port, token, tls }: TcpAddress, listener: CarrierListener) {
    this.#listener = listener;
    const place = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs };
    this.#socket = tls === undefined ? connect(place) : connectTls({ ...tls, ...place });
    this.#socket.setEncoding('utf8');
    this.#socket.on(tls === undefined ? 'connect' : 'secureConnect', () => {
      if (token === undefined) listener.up();
      else this.#ask(token);
    });
    this.#socket.on('data', (chunk: string) => this.#read(chunk));
    this.#socket.on('error', (error) => {
      this.#failure = messageOf(error);
    });
    this.#socket.on('close', () => listener.down(this.#failure ?? 'the hub closed the connection'));
  }

  send(run: readonly Pending[]): void {
    this.#unanswered.push(...run);
    this.#socket.write(run.map(({ text }) => `${text}\n`).join(''));
  }

  end(): void {
    this.#socket.destroy();
  }

  #ask(token: string): void {
    this.#isTokenAsked = true;
    this.#socket.write(`${JSON.stringify({ token })}\n`);
  }

  #read(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#answer(line);
    if (this.#rest.length > maxAnswerLength) this.#listener.down('the answer is too long: is it a hub?');
  }

  #answer(line: string): void {
    if (this.#isTokenAsked) {
      this.#isTokenAsked = false;
      this.#answerToken(line);
      return;
    }
    const verdict = parseVerdict(line);
    const pending = this.#unanswered.shift();
    if (verdict === undefined) this.#listener.down(`the answer is no verdict: is it a hub? got ${line.slice(0, 80)}`);
    else if (pending !== undefined) this.#listener.answer(pending, verdict);
  }

  #answerToken(line: string): void {
    const refusal = parseVerdict(line);
    if (refusal?.ok === false) this.#listener.down(refusal.error, refusal);
    else this.#listener.up();
  }
}

function parseVerdict(line: string): Verdict | undefined {
  try {
    return readVerdict(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** A name with several addresses fails with one error for each, and no message of its own. */
function messageOf(error: Error): string {
  if (error instanceof AggregateError) return (error.errors as Error[]).map(({ message }) => message).join('; ');
  return error.message;
}

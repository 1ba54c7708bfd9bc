import type { HttpRequest, HttpResponse } from 'uWebSockets.js';
import { addressKey, type AddressKey } from '../limits/address.ts';
import type { Limits } from '../limits/limits.ts';
import { httpStatusByCode, RefusedError, type Code } from '../pipeline/codes.ts';
import { securityHeaders, strictTransport, type RequestOrigin } from './boundary.ts';
import { addressText } from './address-text.ts';
import { clientAddress } from './client-address.ts';
import { endAsTaken } from './end-as-taken.ts';
import { jsonHeaders, type Header } from './header.ts';
import { RequestHeaders, type HeaderName } from './request-headers.ts';
import { statusLine } from './status-line.ts';
import { StreamOutlet } from './stream-outlet.ts';
import type { StreamTopics } from './stream-topics.ts';

/** Trouble of the hub's own passes; a producer may try again after this many seconds. */
const retryAfterSeconds = 1;
/** Of a body that is given to uWebSockets.js as a whole. A larger one waits here until it is taken. */
const smallBodyBytes = 16 * 1024;

/** One request and its answer. Together with `web-socket` and `stream-outlet` it is all that touches uWebSockets.js's
 *  objects: the request is read before the handler returns, the response is never touched after it was
 *  aborted, and answers are corked. Without the abort handler a broken connection would end the process. */
export class Exchange {
  readonly method: string;
  readonly path: string;
  readonly queryText: string;
  /** The client's, also behind a trusted proxy. */
  readonly address: string;
  /** What the client is counted as. */
  readonly clientKey: AddressKey;
  readonly #headers: RequestHeaders;
  /** Whether a proxy names two clients, perhaps. */
  readonly #isOfTwo: boolean;
  readonly #response: HttpResponse;
  readonly #isSecure: boolean;
  readonly #limits: Limits;
  #isOver = false;
  #whenOver: (() => void) | null = null;
  #whenAborted: (() => void) | null = null;
  #breakBody: ((reason: Error) => void) | null = null;

  constructor(response: HttpResponse, request: HttpRequest, isSecure: boolean, limits: Limits) {
    this.#response = response;
    this.#isSecure = isSecure;
    this.#limits = limits;
    response.onAborted(() => {
      this.#isOver = true;
      this.#whenAborted?.();
      this.#whenOver?.();
    });
    const address = clientAddress(response, request, limits.proxies);
    this.#isOfTwo = address === null;
    this.address = address ?? addressText(response.getRemoteAddress());
    this.clientKey = addressKey(this.address);
    this.method = request.getCaseSensitiveMethod();
    this.path = request.getUrl();
    this.queryText = request.getQuery();
    this.#headers = new RequestHeaders(request);
  }

  /** Whether it was answered or the connection is gone. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Calls back once, when the answer is complete or the connection gone. */
  whenOver(callback: () => void): void {
    this.#whenOver = callback;
  }

  get origin(): RequestOrigin {
    return {
      host: this.header('host') ?? '',
      origin: this.header('origin') ?? '',
      secFetchSite: this.header('sec-fetch-site') ?? '',
    };
  }

  /** Every Authorization header. */
  get authorizations(): readonly string[] {
    return this.#headers.authorizations;
  }

  header(name: HeaderName): string | undefined {
    return this.#headers.get(name);
  }

  /** Refuses a request that may be read in two ways, and ends its connection. Whether it was one. */
  refuseAmbiguous(): boolean {
    const fault = this.#headers.fault ?? (this.#isOfTwo ? twoClients : undefined);
    if (fault === undefined) return false;
    this.refuse('invalid_request', fault, false);
    return true;
  }

  /** `mayReadOn` is false where the rest of the request is not read and the connection must end. */
  json(status: number, body: string, mayReadOn = true): void {
    this.answer(status, jsonHeaders(status, retryAfterSeconds), body, mayReadOn);
  }

  /** Answers with an error. `mayReadOn` is false where the rest of the request is not read and the connection must end. */
  refuse(code: Code, error: string, mayReadOn = true, retryAfter?: number): void {
    const wait = retryAfter === undefined ? '' : `,"retryAfter":${String(retryAfter)}`;
    const body = `{"ok":false,"code":"${code}","error":${JSON.stringify(error)}${wait}}`;
    const status = httpStatusByCode[code];
    this.answer(status, jsonHeaders(status, retryAfter ?? retryAfterSeconds), body, mayReadOn);
  }

  answer(status: number, headers: readonly Header[], body: string | Uint8Array, mayReadOn = true): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (body.length > smallBodyBytes && mayReadOn && this.method !== 'HEAD') {
      this.#answerAsTaken(status, headers, body);
      return;
    }
    this.#response.cork(() => {
      this.#writeHead(status, headers);
      if (this.method === 'HEAD') this.#response.endWithoutBody(Buffer.byteLength(body), !mayReadOn);
      else this.#response.end(body, !mayReadOn);
    });
    this.#whenOver?.();
  }

  /** Begins an answer without end, for a subscriber. `closed` is called once, when the connection is gone or ended. */
  stream(
    format: 'sse' | 'ndjson',
    topics: StreamTopics,
    headers: readonly Header[],
    on: { drained: () => void; closed: () => void },
  ): StreamOutlet {
    this.#isOver = true;
    const outlet = new StreamOutlet(this.#response, this.address, format, topics, {
      drained: on.drained,
      closed: () => {
        on.closed();
        this.#whenOver?.();
      },
    });
    this.#whenAborted = () => {
      outlet.aborted();
    };
    this.#response.cork(() => {
      this.#writeHead(200, headers);
    });
    return outlet;
  }

  /** Gives `onChunk` the body as it arrives, at most `maxBytes` of it; chunks are valid until it returns. Stops
   *  reading whenever `onChunk` returns a promise, until that resolves. Resolves at the end of the body.
   *  Rejects with `too_large`, with what `onChunk` throws, after `breakBody`, or when the connection breaks. */
  readBody(maxBytes: number, onChunk: (chunk: Buffer) => Promise<void> | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      let bytes = 0;
      let hasFailed = false;
      const fail = (error: unknown) => {
        hasFailed = true;
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      this.#breakBody = fail;
      this.#whenAborted = () => {
        fail(new RefusedError('unavailable', 'the connection is gone'));
      };
      if (Number(this.header('content-length') ?? 0) > maxBytes) {
        fail(tooLarge(maxBytes));
        return;
      }
      this.#response.onData((chunk, isLast) => {
        if (hasFailed) return;
        bytes += chunk.byteLength;
        try {
          if (bytes > maxBytes) throw tooLarge(maxBytes);
          const room = onChunk(Buffer.from(chunk));
          if (isLast) resolve();
          else if (room !== undefined) this.#pauseUntil(room);
        } catch (error) {
          fail(error);
        }
      });
    });
  }

  /** Whoever reads the body gets no more of it, but `reason`. */
  breakBody(reason: Error): void {
    this.#breakBody?.(reason);
  }

  async readWholeBody(maxBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let held = 0;
    const keep = (chunk: Buffer) => {
      if (!this.#limits.bodies.hold(chunk.length)) {
        throw new RefusedError(
          'unavailable',
          'the hub has as many request bodies arriving as it can hold; send it again',
        );
      }
      held += chunk.length;
      chunks.push(Buffer.from(chunk));
      return undefined;
    };
    try {
      await this.readBody(maxBytes, keep);
    } finally {
      this.#limits.bodies.release(held);
    }
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  }

  /** The exchange counts as under way until all of it is taken. Bytes are a file's, which all of its readers share; a text is
   *  this answer's alone. */
  #answerAsTaken(status: number, headers: readonly Header[], body: string | Uint8Array): void {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const writeHead = () => {
      this.#writeHead(status, headers);
    };
    if (endAsTaken(this.#response, writeHead, bytes, () => this.#whenOver?.())) {
      this.#whenOver?.();
      return;
    }
    if (bytes === body) return;
    const whenOver = this.#whenOver;
    const leave = this.#limits.answers.hold(bytes.length, () => this.#response.close());
    this.#whenOver = () => {
      leave();
      whenOver?.();
    };
  }

  #pauseUntil(room: Promise<void>): void {
    this.#response.pause();
    void room.then(() => {
      if (!this.#isOver) this.#response.resume();
    });
  }

  #writeHead(status: number, headers: readonly Header[]): void {
    this.#response.writeStatus(statusLine(status));
    this.#response.writeHeader(...securityHeaders);
    if (this.#isSecure && !/^localhost(:|$)/i.test(this.origin.host)) this.#response.writeHeader(...strictTransport);
    for (const [name, value] of headers) this.#response.writeHeader(name, value);
  }
}

const twoClients =
  'Forwarded, X-Forwarded-For: only one may come from a trusted proxy; have it remove the one that it does not write itself';

function tooLarge(maxBytes: number): RefusedError {
  return new RefusedError('too_large', `body: must be at most ${String(maxBytes)} bytes`);
}

import { isUtf8 } from 'node:buffer';
import type { SourceList } from '../pipeline/access.ts';
import type { Backlog } from '../pipeline/backlog.ts';
import { RefusedError } from '../pipeline/codes.ts';
import { draftLimits, maxBatchItems, type DraftShape } from '../pipeline/draft-limits.ts';
import { parseDraftText, tooLarge } from '../pipeline/draft.ts';
import type { NdjsonPost, PostAnswer } from '../pipeline/ingest-ports.ts';
import type { Outcome } from '../pipeline/outcome.ts';
import type { Emitter } from './emitter.ts';
import { LineSplitter } from './line-splitter.ts';
import { Verdicts } from './verdicts.ts';

/** No more of a body is read while so many of its lines are unsettled. */
const maxOpenLines = 8_192;

/** One NDJSON body: each line is a draft, recorded while the rest still arrives. */
export class HttpLines implements NdjsonPost {
  readonly #emitter: Emitter;
  readonly #backlog: Backlog;
  readonly #sources: SourceList;
  readonly #shape: DraftShape;
  readonly #verdicts = new Verdicts();
  readonly #lines: LineSplitter;
  #whenRoom: (() => void) | null = null;
  #isEnded = false;

  constructor(emitter: Emitter, backlog: Backlog, sources: SourceList, shape: DraftShape = draftLimits) {
    this.#emitter = emitter;
    this.#backlog = backlog;
    this.#sources = sources;
    this.#shape = shape;
    this.#lines = new LineSplitter(shape.maxBytes, {
      line: (bytes) => {
        this.#line(bytes);
      },
      tooLong: () => {
        this.#verdicts.next()(tooLarge('line', shape.maxBytes));
      },
    });
  }

  get isBehind(): boolean {
    return this.#verdicts.open >= maxOpenLines || this.#backlog.isFull;
  }

  get count(): number {
    return this.#verdicts.count;
  }

  whenRoom(callback: () => void): void {
    if (this.#backlog.isFull) this.#backlog.whenRoom(callback);
    else if (this.isBehind) this.#whenRoom = callback;
    else callback();
  }

  push(chunk: Buffer): void {
    if (!this.#isEnded) this.#lines.push(chunk);
  }

  async end(refusal?: RefusedError): Promise<PostAnswer> {
    // Of a body that is not read to its end the last line may be a part of one.
    if (refusal === undefined) this.#lines.end();
    this.#isEnded = true;
    await this.#verdicts.complete();
    return this.#verdicts.answer(refusal);
  }

  #line(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#verdicts.count >= maxBatchItems) {
      throw new RefusedError('too_large', `body: must have at most ${String(maxBatchItems)} lines`);
    }
    const settle = this.#verdicts.next();
    if (!isUtf8(bytes)) {
      settle({ kind: 'rejected', code: 'invalid_json', error: 'event: must be valid UTF-8' });
      return;
    }
    const parsed = parseDraftText(bytes.toString('utf8'), undefined, this.#shape);
    if (!parsed.ok) {
      settle(parsed.outcome);
      return;
    }
    const settled = (outcome: Outcome) => {
      settle(outcome);
      if (this.#whenRoom === null || this.#verdicts.open >= maxOpenLines) return;
      const callback = this.#whenRoom;
      this.#whenRoom = null;
      // Room in the backlog is made after the last line of a batch is settled, and there may be no further line.
      this.#backlog.whenRoom(callback);
    };
    this.#emitter.emit(parsed.draft, bytes.length, settled, this.#sources);
  }
}

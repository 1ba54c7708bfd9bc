import type { SourceList } from './access.ts';
import type { RefusedError } from './codes.ts';
import type { JsonValue } from './event.ts';
import type { Outcome } from './outcome.ts';

/** How the server hands in lines that were posted; `sources/import` answers, and `sources/http`. */
export interface LineIngest {
  /** Calls back when the hub takes no more: what has arrived of a body is then answered. Returns how to take that back. */
  onStop(callback: () => void): () => void;
  /** Drafts as NDJSON, while the body arrives; of these sources, if not of any. */
  stream(sources?: SourceList): NdjsonPost;
}

/** How the server hands in what was posted; `sources/http` answers. */
export interface HttpIngest extends LineIngest {
  /** One draft, or an array of them, as JSON. Before the first of them is emitted, and before it returns, `count` is told how
   *  many there are. */
  post(body: Buffer, options?: PostOptions): Promise<PostAnswer>;
}

export interface PostOptions {
  readonly idempotencyKey?: string | undefined;
  /** Any, if not given. */
  readonly sources?: SourceList;
  readonly count?: (drafts: number) => void;
}

export interface PostAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

export interface NdjsonPost {
  /** Whether the hub has as much as it can take: no more should be read before `whenRoom` calls back. */
  readonly isBehind: boolean;
  /** How many lines there were, blank ones aside. */
  readonly count: number;
  whenRoom(callback: () => void): void;
  /** The bytes are valid until the call returns. */
  push(chunk: Buffer): void;
  /** No more comes. Resolves when every line is settled. With a refusal of the rest, the answer says it beside what became
   *  of the lines before. */
  end(refusal?: RefusedError): Promise<PostAnswer>;
}

/** How the server hands in what WebSocket clients publish; `sources/ws` answers. */
export interface WsIngest {
  /** What is published must be of these sources, if it may not be of any. `send` is given as many frames at once as there are. */
  connect(send: (frames: readonly string[]) => void, sources?: SourceList): WsProducer;
}

export interface WsProducer {
  /** Answers with one `ack` frame, in the order of the calls. `frameText` is the JSON that the drafts came in. */
  publish(drafts: readonly JsonValue[], ref: JsonValue | undefined, frameText: string): void;
  /** Answers so many drafts in the same way, in their place, with one outcome. */
  refuse(count: number, ref: JsonValue | undefined, outcome: Outcome): void;
}

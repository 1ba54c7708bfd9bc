import { isUtf8 } from 'node:buffer';
import type { Backlog } from '../pipeline/backlog.ts';
import { RefusedError } from '../pipeline/codes.ts';
import type { Source } from '../pipeline/component.ts';
import { draftLimits } from '../pipeline/draft-limits.ts';
import { parseDraftText, tooLarge } from '../pipeline/draft.ts';
import type { JsonValue } from '../pipeline/event.ts';
import { shownSyntaxError } from '../pipeline/field-error.ts';
import type { HttpIngest, PostAnswer, PostOptions } from '../pipeline/ingest-ports.ts';
import { emitItems } from './draft-items.ts';
import { Emitter } from './emitter.ts';
import { HttpLines } from './http-lines.ts';
import { answerToOne, Verdicts } from './verdicts.ts';

/** Drafts that are posted over HTTP: one, an array, or NDJSON. The server hands the bodies in. */
export function createHttpSource(backlog: Backlog): Source & HttpIngest {
  const emitter = new Emitter('http', backlog);
  return {
    name: 'http',
    open: () => emitter.envelopes$,
    closed: () => emitter.idle(),
    onStop: (callback) => emitter.onStop(callback),
    post: (body, options = {}) => {
      if (!isUtf8(body)) throw new RefusedError('invalid_json', 'body: must be valid UTF-8');
      const text = body.toString('utf8');
      return /^\s*\[/.test(text) ? postBatch(text, emitter, options) : postOne(text, body.length, emitter, options);
    },
    stream: (sources = null) => new HttpLines(emitter, backlog, sources),
  };
}

function postOne(
  text: string,
  bytes: number,
  emitter: Emitter,
  { idempotencyKey, sources = null, count }: PostOptions,
): Promise<PostAnswer> {
  count?.(1);
  return new Promise((resolve) => {
    const settle = (outcome: Parameters<typeof answerToOne>[0]) => {
      resolve(answerToOne(outcome));
    };
    if (bytes > draftLimits.maxBytes) {
      settle(tooLarge('event'));
      return;
    }
    const parsed = parseDraftText(text, idempotencyKey);
    const refusal = emitter.refusal();
    if (!parsed.ok) settle(parsed.outcome);
    else if (refusal !== undefined) settle(refusal);
    else emitter.emit(parsed.draft, bytes, settle, sources);
  });
}

async function postBatch(
  text: string,
  emitter: Emitter,
  { idempotencyKey, sources = null, count }: PostOptions,
): Promise<PostAnswer> {
  if (idempotencyKey !== undefined) {
    throw new RefusedError('invalid_request', 'Idempotency-Key: goes with one event; give the events of a batch ids');
  }
  const items = parseArray(text);
  count?.(items.length);
  const verdicts = new Verdicts();
  emitItems(items, text, emitter, () => verdicts.next(), sources);
  await verdicts.complete();
  return verdicts.answer();
}

function parseArray(text: string): readonly JsonValue[] {
  try {
    return JSON.parse(text) as readonly JsonValue[];
  } catch (error) {
    throw new RefusedError('invalid_json', `body: must be JSON; ${shownSyntaxError(error)}`);
  }
}

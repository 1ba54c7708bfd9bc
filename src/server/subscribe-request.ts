import { RefusedError } from '../pipeline/codes.ts';
import type { JsonObject, JsonValue } from '../pipeline/event.ts';
import { filterFieldNames, givenFields, readFilter } from '../pipeline/filter.ts';
import type { SubscribeRequest } from '../pipeline/subscriptions.ts';
import { checkAfter, checkEpoch, type LogBounds } from './cursor.ts';
import { readParameters, readPosition } from './parameters.ts';

const subscribeNames = [...filterFieldNames, 'after', 'epoch'] as const;
type SubscribeFields = Readonly<Partial<Record<(typeof subscribeNames)[number], string>>>;

/** The subscription that an upgrade's URL asks for; null for `subscribe=0`. */
export function readUpgrade(queryText: string, log: LogBounds, now: number): SubscribeRequest | null {
  const { subscribe, ...fields } = readParameters(queryText, [...subscribeNames, 'subscribe']);
  if (subscribe !== undefined && subscribe !== '0' && subscribe !== '1') {
    throw new RefusedError('invalid_request', `subscribe: must be 0 or 1; got ${JSON.stringify(subscribe)}`);
  }
  const request = readRequest(fields, log, now);
  return subscribe === '0' ? null : request;
}

/** The subscription that a `subscribe` frame asks for. */
export function readSubscribeFrame(frame: JsonObject, log: LogBounds, now: number): SubscribeRequest {
  const fields: Partial<Record<(typeof subscribeNames)[number], string>> = {};
  for (const [name, value] of Object.entries(frame)) {
    if (name === 'type' || name === 'ref' || value === null) continue;
    const known = subscribeNames.find((candidate) => candidate === name) ?? recordType(name);
    if (known === undefined) throw new RefusedError('invalid_request', `${name}: unknown field of subscribe`);
    fields[known] = textOf(name, value);
  }
  return readRequest(fields, log, now);
}

/** In a frame `type` says what the frame is, so that the records' type goes by `types`. */
function recordType(name: string): 'type' | undefined {
  return name === 'types' ? 'type' : undefined;
}

function textOf(name: string, value: JsonValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && name === 'after') return String(value);
  throw new RefusedError('invalid_request', `${name}: must be ${name === 'after' ? 'a position' : 'a string'}`);
}

function readRequest(fields: SubscribeFields, log: LogBounds, now: number): SubscribeRequest {
  checkEpoch(fields.epoch, log);
  const after = fields.after === undefined ? undefined : readPosition('after', fields.after);
  if (after !== undefined) checkAfter(after, log);
  const start = after ?? (fields.since === undefined ? log.head : 0);
  return {
    filter: readFilter(fields, now),
    asked: givenFields(fields),
    after: Math.max(start, start === log.head ? 0 : log.first - 1),
  };
}

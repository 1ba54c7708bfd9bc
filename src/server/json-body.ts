import { RefusedError } from '../pipeline/codes.ts';
import type { JsonObject, JsonValue } from '../pipeline/event.ts';
import { shown, shownSyntaxError } from '../pipeline/field-error.ts';
import { contentType } from './content-type.ts';
import type { Exchange } from './exchange.ts';

/** The JSON object that a request sends. Rejects with a refusal when it is none. */
export async function readJsonBody(exchange: Exchange, maxBytes: number): Promise<JsonObject> {
  contentType(exchange, ['application/json']);
  const text = (await exchange.readWholeBody(maxBytes)).toString('utf8');
  const value = parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new RefusedError('invalid_request', `body: must be a JSON object; got ${shown(value)}`);
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new RefusedError('invalid_json', shownSyntaxError(error));
  }
}

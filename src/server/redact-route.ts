import { whoIs, type Principal } from '../pipeline/access.ts';
import type { RedactEvent } from '../pipeline/alerting/redact-event.ts';
import { RefusedError } from '../pipeline/codes.ts';
import type { JsonObject, JsonValue, Position } from '../pipeline/event.ts';
import { shown } from '../pipeline/field-error.ts';
import { parseRecord } from '../pipeline/record.ts';
import { readJsonBody } from './json-body.ts';
import { readParameters } from './parameters.ts';
import type { ReadRecord } from './read-routes.ts';
import type { Route } from './router.ts';

const maxBodyBytes = 4_096;
const maxCharacters = 500;

export interface RedactRouteOptions {
  readonly readRecord: ReadRecord;
  readonly redactEvent: RedactEvent;
}

/** `POST /api/events/{position}/redact` with `{"by","reason"}`, both optional, answers `{"ok","position","erased"}`. */
export function redactRoute({ readRecord, redactEvent }: RedactRouteOptions): Route {
  return {
    method: 'POST',
    path: '/api/events/:position/redact',
    needs: 'admin',
    handle: async (exchange, [text = ''], principal) => {
      readParameters(exchange.queryText, []);
      const on = readReason(await readJsonBody(exchange, maxBodyBytes));
      const position = await requireNoDecision(readRecord, text);
      const { wasBlank, isErased } = await redactEvent(position, { ...on, by: askedBy(principal, on.by) });
      const duplicate = wasBlank ? { duplicate: true } : {};
      exchange.json(200, JSON.stringify({ ok: true, position, ...duplicate, erased: isErased }));
    },
  };
}

/** Whoever has shown a token is named, whatever name they give beside it. */
function askedBy(principal: Principal, by: string | undefined): string {
  if (by === undefined) return whoIs(principal);
  return principal.token === null ? by : `${whoIs(principal)} for ${by}`;
}

/** Reads a position at which an event is, or was before retention removed it. */
async function requireNoDecision(readRecord: ReadRecord, text: string): Promise<Position> {
  try {
    const { type } = parseRecord(await readRecord(text));
    if (type !== 'event') {
      throw new RefusedError('invalid_request', `position ${text} is a decision, ${type}; redact the event`);
    }
  } catch (error) {
    if (!(error instanceof RefusedError) || error.code !== 'gone') throw error;
  }
  return Number(text);
}

function readReason({ by, reason, ...others }: JsonObject): Parameters<RedactEvent>[1] {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new RefusedError('invalid_request', `${shown(unknown)}: unknown field; known are by, reason`);
  }
  return { ...readText('by', by), ...readText('reason', reason) };
}

function readText<Name extends string>(name: Name, value: JsonValue | undefined): { readonly [key in Name]?: string } {
  if (value === undefined || value === null) return {};
  if (typeof value === 'string' && value.length >= 1 && value.length <= maxCharacters && value.isWellFormed()) {
    return { [name]: value } as { readonly [key in Name]: string };
  }
  throw new RefusedError(
    'invalid_request',
    `${name}: must be a text of 1 to ${String(maxCharacters)} characters; got ${shown(value)}`,
  );
}

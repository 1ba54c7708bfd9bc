import { roles } from './access.ts';
import type { TokenRequest } from './access-desks.ts';
import { RefusedError } from './codes.ts';
import { draftLimits } from './draft-limits.ts';
import type { JsonObject, JsonValue } from './event.ts';
import { shown } from './field-error.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { parseSpan } from './span.ts';

/** The name of the token that the settings give. No other may have it. */
export const givenTokenName = 'HUB_ADMIN_TOKEN';

const maxNameLength = 64;
const maxSources = 100;
const maxOverlapMs = 366 * 86_400_000;
/** The last year that a date is written with four digits in. */
const lastInstant = Date.parse('9999-12-31T23:59:59.999Z');

/** Reads `{"role","name","sources","expires"}`, of which only the role must be there. Throws `invalid_request`. */
export function readTokenRequest({ role, name, sources, expires, ...others }: JsonObject, now: number): TokenRequest {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) refuse(`${shown(unknown)}: unknown field; known are role, name, sources, expires`);
  const known = roles.find((each) => each === role);
  if (known === undefined) refuse(`role: must be one of ${roles.join(', ')}; got ${shown(role)}`);
  const list = readSources(sources ?? null);
  if (list !== null && known !== 'ingest') refuse(`sources: are for the role ingest; got ${known}`);
  return { role: known, name: readName(name ?? known), sources: list, expires: readExpiry(expires ?? null, now) };
}

/** How long a replaced token goes on, in milliseconds; not at all when nothing is said. Throws `invalid_request`. */
export function readOverlap({ overlap = null, ...others }: JsonObject): number {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) refuse(`${shown(unknown)}: unknown field; known is overlap`);
  const span = overlap === null ? 0 : spanOf(overlap);
  if (span !== undefined && span <= maxOverlapMs) return span;
  return refuse(`overlap: must be a span such as 1h, at most 366d; got ${shown(overlap)}`);
}

function readName(name: JsonValue): string {
  // eslint-disable-next-line no-control-regex -- it is shown on terminals
  const isPlain = typeof name === 'string' && name.isWellFormed() && !/[\u0000-\u001f\u007f-\u009f]/.test(name);
  if (isPlain && name.length >= 1 && name.length <= maxNameLength && name !== givenTokenName) return name;
  return refuse(
    `name: must be 1 to ${String(maxNameLength)} characters, none of them a control character, and not ${givenTokenName}; got ${shown(name)}`,
  );
}

function readSources(sources: JsonValue): readonly string[] | null {
  if (sources === null) return null;
  const isList = Array.isArray(sources) && sources.length >= 1 && sources.length <= maxSources;
  if (isList && sources.every(isSource)) return [...new Set(sources)];
  return refuse(
    `sources: must be 1 to ${String(maxSources)} names of 1 to ${String(draftLimits.maxSourceLength)} characters; got ${shown(sources)}`,
  );
}

function isSource(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length >= 1 &&
    value.length <= draftLimits.maxSourceLength &&
    value.isWellFormed()
  );
}

function readExpiry(expires: JsonValue, now: number): number | null {
  if (expires === null) return null;
  const span = spanOf(expires);
  const instant = typeof expires === 'string' ? parseRfc3339(expires) : undefined;
  const at = span === undefined ? instant : now + span;
  if (at !== undefined && at > now && at <= lastInstant) return at;
  return refuse(`expires: must be a span such as 30d, or RFC 3339 with a zone, after now; got ${shown(expires)}`);
}

function spanOf(value: JsonValue): number | undefined {
  return typeof value === 'string' ? parseSpan(value) : undefined;
}

function refuse(message: string): never {
  throw new RefusedError('invalid_request', message);
}

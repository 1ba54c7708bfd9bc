import { RefusedError } from '../pipeline/codes.ts';
import type { Exchange } from './exchange.ts';

/** The type of the request's body, one of `allowed`: else throws `unsupported_type`. A form of another site cannot send these
 *  types, so that a state change needs a page of ours or a program. */
export function contentType<Type extends `application/${string}`>(exchange: Exchange, allowed: readonly Type[]): Type {
  const given = exchange.header('content-type') ?? '';
  const type = given.split(';', 1)[0]?.trim().toLowerCase();
  const encoding = exchange.header('content-encoding');
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new RefusedError('unsupported_type', `Content-Encoding: must be none; got ${JSON.stringify(encoding)}`);
  }
  const known = allowed.find((candidate) => candidate === type);
  if (known !== undefined) return known;
  throw new RefusedError(
    'unsupported_type',
    `Content-Type: must be ${allowed.join(' or ')}; got ${JSON.stringify(given.slice(0, 80))}`,
  );
}

import { RefusedError } from '../pipeline/codes.ts';
import type { Position } from '../pipeline/event.ts';

/** The parameters of a URL's query, each at most once and only the ones that are `allowed`: else `invalid_request`. */
export function readParameters<Name extends string>(
  queryText: string,
  allowed: readonly Name[],
): Readonly<Partial<Record<Name, string>>> {
  const values: Partial<Record<Name, string>> = {};
  if (queryText === '') return values;
  for (const [name, value] of new URLSearchParams(queryText)) {
    const known = allowed.find((candidate) => candidate === name);
    if (known === undefined) {
      const known = allowed.length === 0 ? 'none is taken here' : `known are ${allowed.join(', ')}`;
      throw new RefusedError('invalid_request', `${name}: unknown parameter; ${known}`);
    }
    if (known in values) throw new RefusedError('invalid_request', `${name}: must be given once`);
    values[known] = value;
  }
  return values;
}

/** A whole number from `least` to `most`. */
export function readInteger(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${String(least)}` : `from ${String(least)} to ${String(most)}`;
  throw new RefusedError('invalid_request', `${name}: must be a whole number ${range}; got ${JSON.stringify(text)}`);
}

export function readPosition(name: string, text: string): Position {
  return readInteger(name, text, 0, Number.MAX_SAFE_INTEGER);
}

export function readFlag(name: string, text: string | undefined): boolean {
  if (text === undefined || text === '0' || text === 'false') return false;
  if (text === '1' || text === 'true') return true;
  throw new RefusedError('invalid_request', `${name}: must be 1 or 0; got ${JSON.stringify(text)}`);
}

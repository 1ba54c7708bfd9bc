import { z } from 'zod';
import { parseSpan } from './span.ts';

/** A TCP port; 0 takes a free one. */
export const portSetting = z.preprocess(
  numberFromText,
  z
    .int('must be a whole number from 0 to 65535')
    .min(0, 'must be from 0 to 65535')
    .max(65_535, 'must be from 0 to 65535'),
);

export const hostSetting = z.string('must be a host name or an address').min(1, 'must not be empty');

export const pathSetting = z.string('must be a path').min(1, 'must be a path');

/** Files in PEM: a certificate, followed by those that lead from it to its authority, and its key. */
export const certificateSetting = z.strictObject({ certFile: pathSetting, keyFile: pathSetting });

export const flagSetting = z.preprocess(
  (value) => (value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value),
  z.boolean('must be true or false'),
);

const byteUnits: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };
const bytesRule = 'must be a size such as 64MiB or 1GiB';

/** A number of bytes, or text as `64MiB`. */
export const bytesSetting = z.preprocess(
  (value) => {
    const [, count, unit] = typeof value === 'string' ? (/^(\d{1,15})\s?(B|KiB|MiB|GiB|TiB)?$/.exec(value) ?? []) : [];
    return count === undefined ? value : Number(count) * (byteUnits[unit ?? 'B'] ?? 1);
  },
  z.int(bytesRule).min(1, bytesRule),
);

const spanRule = 'must be a span such as 12h, 30d or 8w';

/** Milliseconds, from text as `30d`. */
export const spanSetting = z.preprocess(
  (value) => (typeof value === 'string' ? parseSpan(value) : undefined),
  z.int(spanRule),
);

const secretRule = 'must be 32 to 256 printable ASCII characters without spaces, such as `openssl rand -hex 32` makes';

/** Long enough that nobody guesses it, in characters that every header and file keeps. */
export const secretSetting = z.string(secretRule).regex(/^[\x21-\x7e]{32,256}$/, secretRule);

const countRule = 'must be a whole number from 1';

export const countSetting = z.preprocess(numberFromText, z.int(countRule).min(1, countRule));

function numberFromText(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
}

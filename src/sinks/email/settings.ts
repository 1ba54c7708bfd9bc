import { hostname } from 'node:os';
import { z } from 'zod';
import { pathSetting } from '../../pipeline/settings.ts';
import { parseSpan } from '../../pipeline/span.ts';

const urlRule =
  'must be smtp://HOST:PORT or smtps://HOST:PORT, the first with ?tls=opportunistic or ?tls=none if it need not be safe';
const fromRule = 'must be an address such as alerts@example.com, or "Alerts <alerts@example.com>"';
const timeoutRule = 'must be milliseconds, or a span such as 30s, of at most 10m';
const textRule = 'must be one line of text';
const longestTimeoutMs = 600_000;

const line = z.string(textRule).regex(/^[^\p{Cc}]+$/u, textRule);

/** How mail goes out. Without `url` it does not. */
export const emailSettings = z
  .strictObject({
    url: z.string(urlRule).refine(isMailUrl, urlRule).optional(),
    user: line.optional(),
    password: line.optional(),
    from: z
      .string(fromRule)
      .regex(/^(?:[^<>\p{Cc}]*<[^\s<>@,;\p{Cc}]+@[^\s<>@,;\p{Cc}]+>|[^\s<>@,;\p{Cc}]+@[^\s<>@,;\p{Cc}]+)$/u, fromRule)
      .default(() => `alert-hub@${hostname()}`),
    /** A file of certificates to trust besides the system's. */
    caFile: pathSetting.optional(),
    /** How long the mail server may take for one answer. */
    timeout: z
      .preprocess(readTimeout, z.int(timeoutRule).min(1, timeoutRule).max(longestTimeoutMs, timeoutRule))
      .default(60_000),
  })
  .prefault({});

export type EmailSettings = z.infer<typeof emailSettings>;

function readTimeout(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return /^\d{1,7}$/.test(value) ? Number(value) : parseSpan(value);
}

/** Credentials have settings of their own, which are kept out of logs. */
function isMailUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isPlain = url.username === '' && url.password === '' && url.hash === '' && /^\/?$/.test(url.pathname);
  const queries = url.protocol === 'smtp:' ? ['', '?tls=opportunistic', '?tls=none'] : [''];
  return ['smtp:', 'smtps:'].includes(url.protocol) && url.hostname !== '' && isPlain && queries.includes(url.search);
}

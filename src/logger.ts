import { createRequire } from 'node:module';
import { pino, type Logger } from 'pino';
import type pinoPretty from 'pino-pretty';
import { plainJsonLine, shownInJson } from './cli/plain-text.ts';
import type { Config } from './config/config.ts';

export type { Logger } from 'pino';

/** The hub's own log, on standard output: for people on a terminal, JSON lines otherwise. Nothing in it is obeyed by a
 *  terminal, whatever text an error quotes (CVE-2009-4487). */
export function createLogger({ level, format }: Config['log']): Logger {
  const isPretty = (format ?? (process.stdout.isTTY ? 'pretty' : 'json')) === 'pretty';
  const options = { level, base: null, hooks: { streamWrite: isPretty ? shownInJson : plainJsonLine } };
  if (!isPretty) return pino({ ...options, timestamp: pino.stdTimeFunctions.isoTime });
  // Loaded only here: a hub that writes JSON has no use for it.
  const pretty = createRequire(import.meta.url)('pino-pretty') as typeof pinoPretty;
  return pino(options, pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', colorize: process.stdout.isTTY }));
}

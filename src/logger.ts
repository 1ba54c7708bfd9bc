import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

export type { Logger } from 'pino';

/** The hub's own log, on standard output: for people on a terminal, JSON lines otherwise. */
export function createLogger({ level, format }: Config['log']): Logger {
  const isPretty = (format ?? (process.stdout.isTTY ? 'pretty' : 'json')) === 'pretty';
  const options = { level, base: null };
  if (!isPretty) return pino({ ...options, timestamp: pino.stdTimeFunctions.isoTime });
  return pino(options, pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', colorize: process.stdout.isTTY }));
}

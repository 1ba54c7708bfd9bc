import { CommanderError } from 'commander';
import { HubError } from '../client/hub-error.ts';
import { plainText } from './plain-text.ts';
import { UsageError } from './usage-error.ts';

/** The command has failed. */
const failed = 1;
/** It was used wrongly. */
const misused = 2;

const tokenAdvice = '; set HUB_TOKEN or HUB_TOKEN_FILE, or name the data directory of a hub on this machine';

/** Says on standard error, in a line, what has ended a verb, and gives the exit code for it. */
export function reportFailure(error: unknown, verb = ''): number {
  // Commander has said it.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : misused;
  const advice = error instanceof HubError && error.code === 'unauthorized' ? tokenAdvice : '';
  process.stderr.write(`error: ${plainText(error instanceof Error ? error.message : String(error))}${advice}\n`);
  if (!isMisuse(error)) return failed;
  process.stderr.write(`(see "alert-hub ${verb} --help")\n`);
  return misused;
}

function isMisuse(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof HubError && exitCodeOf(error.code) === misused);
}

/** What the exit code is when the hub refuses with `code`. */
export function exitCodeOf(code: string): number {
  return code === 'invalid_query' ? misused : failed;
}

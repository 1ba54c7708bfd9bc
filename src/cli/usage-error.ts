import { InvalidArgumentError } from 'commander';
import { instantRule, parseInstant } from '../pipeline/span.ts';

/** The command was used wrongly: exit code 2. The message is one sentence for people. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Makes an option's parser of `read`, which gives undefined for what it cannot read; `rule` says what it can. */
export function optionParser<T>(read: (text: string) => T | undefined, rule: string): (text: string) => T {
  return (text) => {
    const value = read(text);
    if (value === undefined) throw new InvalidArgumentError(`It ${rule}.`);
    return value;
  };
}

/** A whole number from `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return optionParser((text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    return value >= least ? value : undefined;
  }, `must be a whole number from ${least}`);
}

/** An instant as the hub reads it: its text, checked here so that a mistake is one of usage. */
export const readInstantText = optionParser(
  (text) => (parseInstant(text, Date.now()) === undefined ? undefined : text),
  `must be ${instantRule}`,
);

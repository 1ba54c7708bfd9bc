import type { Refusal } from './tcp-greeting.ts';

const origin = 'origin:';
const openingBrace = 0x7b;

/** A page can have a browser post what it likes to any port, and lines of JSON in the body would be events. */
export const pageRefused: Refusal = {
  code: 'invalid_json',
  error: 'line: must be JSON; this is a request that a web page has a browser send, and nothing more of it is read',
};

/** Whether a line is the header without which no browser posts for a page (Fetch, "Origin header"). */
export function isOfWebPage(line: Buffer): boolean {
  return line[0] !== openingBrace && line.toString('latin1', 0, origin.length).toLowerCase() === origin;
}

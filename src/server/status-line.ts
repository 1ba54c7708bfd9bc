import { STATUS_CODES } from 'node:http';

/** A status as HTTP writes it, with its reason phrase. */
export function statusLine(status: number): string {
  return `${String(status)} ${STATUS_CODES[status] ?? 'Unknown'}`;
}

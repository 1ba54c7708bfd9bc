import type { TokenInfo } from '../pipeline/access-desks.ts';
import { plainText } from './plain-text.ts';

const head = ['ID', 'ROLE', 'NAME', 'EXPIRES', 'SOURCES'] as const;

/** Tokens as columns of text, one a line. */
export function tokenTable(tokens: readonly TokenInfo[], now: number): string {
  const rows = [head, ...tokens.map((token) => rowOf(token, now))];
  const widths = head.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf({ id, role, name, expires, sources }: TokenInfo, now: number): readonly string[] {
  const end = expires === null ? 'never' : Date.parse(expires) <= now ? 'expired' : expires;
  return [id, role, name, end, sources?.join(', ') ?? 'any'].map(plainText);
}

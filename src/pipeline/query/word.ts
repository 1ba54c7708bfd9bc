import type { Cursor } from './cursor.ts';
import type { Pattern } from './pattern.ts';

/** A value or a bare word: what stands between its wildcards, as written. */
export interface Word {
  readonly pieces: Pattern;
  /** Where it begins. */
  readonly at: number;
}

/** The word in one, wildcards as `*` again. */
export function textOf(word: Word): string {
  return word.pieces.join('*');
}

/** Reads up to a space, `)` or the end. Quoted stretches may stand anywhere in a word, as in a shell: inside them
 *  everything is literal, `*` too, but for `\"` and `\\`; outside, `*` is a wildcard and a backslash is itself. */
export function readWord(cursor: Cursor, what: string): Word {
  const at = cursor.at;
  const before: string[] = [];
  let piece = '';
  while (isInWord(cursor)) {
    if (cursor.char() === '"') {
      piece += readQuoted(cursor);
    } else if (cursor.take('*')) {
      before.push(piece);
      piece = '';
    } else {
      piece += cursor.char() ?? '';
      cursor.at += 1;
    }
  }
  if (cursor.at === at) throw cursor.expected(what);
  if (cursor.char() === '(') throw cursor.expected('a space before "(", or quotes around it');
  const [first, ...others] = before;
  return { at, pieces: first === undefined ? [piece] : [first, ...others, piece] };
}

function isInWord(cursor: Cursor): boolean {
  return !cursor.isAtEnd() && !cursor.isAtSpace() && cursor.char() !== '(' && cursor.char() !== ')';
}

/** Reads from one quote behind the next. */
export function readQuoted(cursor: Cursor): string {
  const start = cursor.at;
  cursor.at += 1;
  let text = '';
  while (!cursor.take('"')) {
    if (cursor.isAtEnd()) throw cursor.expected('a closing " for the quote', start);
    if (cursor.char() === '\\' && /["\\]/.test(cursor.text[cursor.at + 1] ?? '')) cursor.at += 1;
    text += cursor.char() ?? '';
    cursor.at += 1;
  }
  return text;
}

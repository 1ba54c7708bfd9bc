import { fold } from './fold.ts';

/** A text to compare with: the folded pieces between the `*`, each of which stands for any run of characters. A single
 *  piece is compared as a whole, `['sw-', '']` is what begins with `sw-`, `['', 'down', '']` what contains `down`. */
export type Pattern = readonly [string, ...string[]];

/** The pattern of the pieces as a person wrote them. */
export function patternOf(pieces: Pattern): Pattern {
  const [first, ...others] = pieces;
  return [fold(first), ...others.map(fold)];
}

/** The pattern of what contains `pattern` somewhere. */
export function anywhere(pattern: Pattern): Pattern {
  const wide: Pattern = [...pattern];
  return ['', ...wide, ''];
}

/** Whether the pattern matches any text at all, as `*` does. */
export function matchesAnyText(pattern: Pattern): boolean {
  return pattern.length > 1 && pattern.every((piece) => piece === '');
}

/** A test of folded text. Each piece is looked for once, from where the one before ended, and none is tried again:
 *  that finds a match whenever there is one, because the earliest place of a piece leaves the most to the next. */
export function compilePattern(pattern: Pattern): (text: string) => boolean {
  const [first, ...others] = pattern;
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  const middle = others.filter((piece) => piece !== '');
  const [only] = middle;
  if (first === '' && last === '' && only !== undefined && middle.length === 1) {
    return (text) => text.includes(only);
  }
  return (text) => {
    const end = text.length - last.length;
    if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    return follow(text, middle, first.length, end);
  };
}

/** Whether the pieces stand one after the other between `start` and `end`. */
function follow(text: string, pieces: readonly string[], start: number, end: number): boolean {
  let from = start;
  for (const piece of pieces) {
    const found = text.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
    if (from > end) return false;
  }
  return true;
}

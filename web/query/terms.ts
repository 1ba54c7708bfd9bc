/** Cuts a query into coloured pieces and edits it term by term. It reads leniently, because it also runs on text that is
 *  only half typed; whether a query is right is for the one parser to say. */

export type PieceKind = 'field' | 'operator' | 'value' | 'phrase' | 'word' | 'keyword' | 'bracket' | 'space';

export interface Piece {
  readonly kind: PieceKind;
  readonly text: string;
}

const patterns: readonly (readonly [PieceKind, RegExp])[] = [
  ['space', /\s+/y],
  ['bracket', /[()]/y],
  ['keyword', /(?:OR|AND|NOT)(?=[\s()]|$)/y],
  ['field', /-?(?:(?:label|data)\.(?:"(?:[^"\\]|\\.)*"|[^\s:<>="()])*|[\p{L}_][\p{L}\p{N}_.-]*)(?=[:<>])/iuy],
  ['phrase', /-?"(?:[^"\\]|\\.)*"?/y],
  ['word', /(?:"(?:[^"\\]|\\.)*"?|[^\s()"])+/y],
];
const operator = /:|[<>]=?/y;
/** Quoted stretches may stand anywhere in a word. */
const value = /(?:"(?:[^"\\]|\\.)*"?|[^\s()"])+/y;

/** The pieces in order; joined they are the query again. */
export function piecesOf(query: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const take = (kind: PieceKind, pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const text = pattern.exec(query)?.[0];
    if (text === undefined || text === '') return false;
    pieces.push({ kind, text });
    at += text.length;
    return true;
  };
  while (at < query.length) {
    const found = patterns.find(([kind, pattern]) => take(kind, pattern));
    if (found === undefined) take('word', /[^]/y);
    else if (found[0] === 'field' && take('operator', operator)) take('value', value);
  }
  return pieces;
}

/** The terms that must all hold, each as its own text, or null when the query is an OR of several. */
export function termsOf(query: string): string[] | null {
  const words = wordsOf(query);
  if (words.includes('OR')) return null;
  const terms: string[] = [];
  let negation = '';
  for (const word of words) {
    if (word === 'NOT') negation += 'NOT ';
    else if (word !== 'AND') {
      terms.push(negation + word);
      negation = '';
    }
  }
  return terms;
}

/** What stands between spaces that are neither inside of brackets nor of quotes. */
function wordsOf(query: string): string[] {
  const words: string[] = [];
  let word = '';
  let depth = 0;
  for (const { kind, text } of piecesOf(query)) {
    if (kind === 'bracket') depth += text === '(' ? 1 : -1;
    if (kind !== 'space' || depth > 0) word += text;
    else {
      words.push(word);
      word = '';
    }
  }
  return [...words, word].filter((each) => each !== '');
}

/** `field:value`, or `-field:value` to leave it out. */
export function termFor(field: string, value: string, exclude: boolean): string {
  return `${exclude ? '-' : ''}${field}:${quoted(value)}`;
}

/** The query with one more term. Saying the same again changes nothing; saying the opposite of a term that is there
 *  replaces it. */
export function withTerm(query: string, term: string): string {
  const opposite = term.startsWith('-') ? term.slice(1) : `-${term}`;
  const terms = termsOf(query);
  if (terms === null) return `(${query.trim()}) ${term}`;
  if (terms.includes(term)) return query;
  return [...terms.filter((other) => other !== opposite), term].join(' ');
}

/** The query without one of its terms, counted as {@link termsOf} lists them. */
export function withoutTerm(query: string, index: number): string {
  return (termsOf(query) ?? []).toSpliced(index, 1).join(' ');
}

/** As a value that stands for this text alone: a space, a bracket or a wildcard in it needs quotes. */
function quoted(text: string): string {
  return /^[^\s()"*]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
